import { clients } from "../api/clients";
import { shortId } from "../api/names";
import { useAction } from "../app/useAction";
import { useResource } from "../app/useResource";
import { type Job, JobState } from "../gen/taskres/v1/trainer_pb";
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

/** A training job while it runs, and what came of it. */
export function JobView({ watched: { job, epochs, losses, error } }: { watched: WatchedJob }) {
  const cancel = useAction(async () => clients().trainer.cancelJob({ name: job!.name }));
  if (!job) return error ? <ErrorNote error={error} /> : <Loading what="the job" />;
  const [state, tone] = states[job.state];
  const progress = job.progress;
  const remaining = durationSeconds(progress?.remaining);
  return (
    <Card
      wide
      title="Training"
      actions={
        <>
          <Badge tone={tone}>{state}</Badge>
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
        <Stat label="Loss" value={progress && progress.epoch > 0 ? progress.loss.toFixed(4) : "–"} hint={losses.length > 1 ? `from ${losses[0]!.toFixed(4)}` : undefined} />
        <Stat label={isFinal(job) ? "Took" : "Left"} value={isFinal(job) ? took(job) : remaining === null ? "–" : seconds(remaining)} />
        {job.attempt > 1 && <Stat label="Taken up" value={`${job.attempt} times`} hint="a trainer was lost" />}
        {job.revision && <Accuracy revision={job.revision} />}
      </Stats>
      {epochs.length > 1 && (
        <Chart
          label={`Loss by epoch: from ${losses[0]!.toFixed(3)} to ${losses.at(-1)!.toFixed(3)} after ${epochs.at(-1)} epochs`}
          data={[epochs, losses]}
          lines={[{ label: "loss", colour: "--accent", fill: true }]}
          format={(value) => value.toPrecision(3)}
          xLabel={(epoch) => `${epoch}`}
        />
      )}
    </Card>
  );
}

function Accuracy({ revision: name }: { revision: string }) {
  const { data } = useResource(async (signal) => (await clients().trainer.getRevision({ name }, { signal })).revision!, [name]);
  return (
    <>
      <Stat label="Accuracy on its examples" value={data ? percent(data.supportAccuracy / 100) : "…"} hint={data && `${percent(data.baseSupportAccuracy / 100)} before`} />
      <Stat label="Revision" value={<code>{shortId(name)}</code>} />
    </>
  );
}

function took({ startTime, endTime }: Job): string {
  if (!startTime || !endTime) return "–";
  return seconds(Number(endTime.seconds - startTime.seconds) + (endTime.nanos - startTime.nanos) / 1e9);
}
