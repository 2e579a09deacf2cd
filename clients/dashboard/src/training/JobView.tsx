import { useMemo } from "preact/hooks";
import { clients } from "../api/clients";
import { shortId } from "../api/names";
import { useAction } from "../app/useAction";
import { useResource } from "../app/useResource";
import { type Job, type JobProgress, JobState } from "../gen/taskres/v1/trainer_pb";
import { Chart } from "../ui/Chart";
import { durationSeconds, percent, seconds } from "../ui/format";
import { Badge, Card, ErrorNote, Loading, Progress, Stat, Stats, type Tone } from "../ui/parts";
import { isFinal, type WatchedJob } from "./useJob";

const states: Record<JobState, [string, Tone]> = {
  [JobState.UNSPECIFIED]: ["unknown", "plain"],
  [JobState.QUEUED]: ["waiting", "warn"],
  [JobState.RUNNING]: ["training", "accent"],
  [JobState.SUCCEEDED]: ["done", "good"],
  [JobState.FAILED]: ["failed", "bad"],
  [JobState.CANCELLED]: ["cancelled", "plain"],
};

export function StateBadge({ state }: { state: JobState }) {
  const [text, tone] = states[state];
  return <Badge tone={tone}>{text}</Badge>;
}

/** A training job while it runs, and what came of it. */
export function JobView({ watched: { job, error } }: { watched: WatchedJob }) {
  const cancel = useAction(async () => clients().trainer.cancelJob({ name: job!.name }));
  if (!job) return error ? <ErrorNote error={error} /> : <Loading what="the job" />;
  const progress = job.progress;
  const first = progress?.course[0];
  const remaining = durationSeconds(progress?.remaining);
  return (
    <Card
      wide
      title="Training"
      actions={
        <>
          <StateBadge state={job.state} />
          <button type="button" disabled={isFinal(job) || cancel.busy} onClick={() => cancel.run()}>
            Cancel
          </button>
        </>
      }
    >
      <ErrorNote error={error ?? cancel.error} />
      {job.error && (
        <div class="note bad" role="alert">
          <p>{job.error.message}</p>
        </div>
      )}
      <Progress label="Epochs" done={progress?.epoch ?? 0} of={progress?.epochs ?? 0} />
      <Stats>
        <Stat label="Loss" value={progress ? progress.loss.toFixed(4) : "–"} hint={first && `from ${first.loss.toFixed(4)}`} />
        {progress?.accuracy !== undefined && <Stat label="Accuracy" value={percent(progress.accuracy / 100)} hint={first?.accuracy === undefined ? undefined : `from ${percent(first.accuracy / 100)}`} />}
        <Stat label={isFinal(job) ? "Took" : "Left"} value={isFinal(job) ? took(job) : remaining === null ? "–" : seconds(remaining)} />
        {job.attempt > 1 && <Stat label="Taken up" value={`${job.attempt} times`} hint="a trainer was lost" />}
        {job.revision && <Trained revision={job.revision} />}
      </Stats>
      {progress && progress.course.length > 1 && <Curves progress={progress} />}
    </Card>
  );
}

function Curves({ progress: { course, epoch, loss, accuracy } }: { progress: JobProgress }) {
  const data = useMemo(() => ({ epochs: course.map((point) => point.epoch), losses: course.map((point) => point.loss), accuracies: course.map((point) => point.accuracy ?? null) }), [course]);
  return (
    <div class="twin">
      <figure>
        <figcaption>Loss by epoch</figcaption>
        <Chart
          label={`Loss by epoch: ${loss.toFixed(3)} after ${epoch}`}
          data={[data.epochs, data.losses]}
          lines={[{ label: "loss", colour: "--accent", fill: true }]}
          format={(value) => value.toPrecision(2)}
          xLabel={(at) => `${at}`}
        />
      </figure>
      {accuracy !== undefined && (
        <figure>
          <figcaption>Accuracy on its batches, %</figcaption>
          <Chart
            label={`Accuracy by epoch: ${accuracy.toFixed(1)} percent after ${epoch}`}
            data={[data.epochs, data.accuracies]}
            lines={[{ label: "accuracy", colour: "--good", fill: true }]}
            format={(value) => value.toFixed(0)}
            xLabel={(at) => `${at}`}
            atLeast={100}
            atMost={100}
          />
        </figure>
      )}
    </div>
  );
}

function Trained({ revision: name }: { revision: string }) {
  const { data } = useResource(async (signal) => (await clients().trainer.getRevision({ name }, { signal })).revision!, [name]);
  return (
    <>
      <Stat label="On its examples" value={data ? percent(data.supportAccuracy / 100) : "…"} hint={data && `${percent(data.baseSupportAccuracy / 100)} before`} />
      <Stat label="Revision" value={<code>{shortId(name)}</code>} />
    </>
  );
}

function took({ startTime, endTime }: Job): string {
  if (!startTime || !endTime) return "–";
  return seconds(Number(endTime.seconds - startTime.seconds) + (endTime.nanos - startTime.nanos) / 1e9);
}
