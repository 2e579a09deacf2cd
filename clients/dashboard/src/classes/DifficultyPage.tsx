import { useMemo, useRef, useState } from "preact/hooks";
import { clients } from "../api/clients";
import { hasReason } from "../api/errors";
import { shortId, taskName } from "../api/names";
import { readHead } from "../api/revisionFile";
import { session } from "../api/session";
import { pathTo } from "../app/router";
import { useAction } from "../app/useAction";
import { useResource } from "../app/useResource";
import { fromChosen, fromDropped, type LabelledSet } from "../files/labelledFiles";
import { type Difficulty } from "../gen/taskres/v1/trainer_pb";
import { DropZone } from "../ui/DropZone";
import { count, percent, plural } from "../ui/format";
import { Card, Empty, ErrorNote, Loading, PageHead, Progress, Stat, Stats } from "../ui/parts";
import { ClassTable } from "./ClassTable";
import { ConfusionTable } from "./ConfusionTable";
import { measure, type Measured } from "./measure";
import { reportOf } from "./report";

/** How hard each class is for the live revision. */
export function DifficultyPage({ task: id }: { task: string }) {
  const { tenant } = session.current!;
  const name = taskName(tenant, id);
  const state = useResource(
    async (signal) => {
      const { task, examplesPerClass } = await clients().trainer.getTask({ name }, { signal });
      const head = task!.liveRevision ? await readHead(task!.liveRevision) : null;
      return { head, examplesPerClass, difficulty: head && (await difficultyOf(name, head.revision, signal)) };
    },
    [name],
  );
  const [measured, setMeasured] = useState<Measured | null>(null);
  const [progress, setProgress] = useState<{ done: number; of: number } | null>(null);
  const [passedOver, setPassedOver] = useState(0);
  const aborter = useRef<AbortController | null>(null);
  const head = state.data?.head ?? null;
  const test = useAction(async (set: LabelledSet) => {
    const files = set.files.filter(({ label }) => head!.classNames.includes(label));
    if (files.length === 0) throw new Error(`None of the folders is named like a class of ${id}.`);
    aborter.current = new AbortController();
    setPassedOver(set.files.length - files.length + set.ignored);
    setProgress({ done: 0, of: files.length });
    setMeasured(await measure({ tenant, head: head!, files, signal: aborter.current.signal, onProgress: (done) => setProgress({ done, of: files.length }) }));
  });
  const report = useMemo(() => head && reportOf(head, state.data!.examplesPerClass, measured, state.data!.difficulty), [head, measured]);

  return (
    <>
      <PageHead title={`Classes of ${id}`} back={{ href: pathTo("tasks", id), text: id }} about={head && <>Of the live revision <code>{shortId(head.revision)}</code>.</>} />
      <ErrorNote error={state.error} retry={state.reload} />
      {state.loading && <Loading lines={6} what="the live revision" />}
      {state.data && !head && (
        <Card>
          <Empty title="Nothing is live yet">
            <a href={`/train?task=${id}`}>Train it from images</a>
          </Empty>
        </Card>
      )}
      {report && (
        <div class="grid">
          <Card title="Measure it" about="On labelled images that it was not trained on.">
            <DropZone
              folders
              label="Drop a folder of class folders"
              disabled={test.busy}
              onFiles={(files) => test.run(fromChosen(files))}
              onDrop={async (transfer) => test.run(await fromDropped(transfer))}
            />
            <ErrorNote error={test.error} />
            {test.busy && progress && (
              <>
                <Progress label="Images tested" {...progress} />
                <button type="button" onClick={() => aborter.current?.abort()}>
                  Stop
                </button>
              </>
            )}
          </Card>
          <Card title="In all">
            <Stats>
              <Stat label="Accuracy" value={percent(report.accuracy)} hint={report.images > 0 ? `of ${plural(report.images, "image")}` : report.accuracy === null ? "drop images to measure it" : "of examples held out"} />
              <Stat label={head!.fromPrompts ? "Zero-shot" : "Without the residual"} value={percent(report.baseAccuracy)} />
              {state.data!.difficulty?.relativeTransferDifficulty && (
                <Stat label="Transfer difficulty" value={state.data!.difficulty.relativeTransferDifficulty.value.toFixed(3)} hint="guessing over zero-shot" />
              )}
              <Stat label="Need more images" value={count(report.classes.filter(({ needsMore }) => needsMore).length)} hint={`of ${plural(report.classes.length, "class", "classes")}`} />
              {measured && measured.failed.length > 0 && <Stat label="Unreadable" value={measured.failed.length} />}
              {measured && passedOver > 0 && <Stat label="Passed over" value={passedOver} hint="no image, or no class" />}
            </Stats>
          </Card>
          <ClassTable report={report} fromPrompts={head!.fromPrompts} />
          {measured && report.classes.length <= 30 && <ConfusionTable names={head!.classNames} confusions={measured.adapted} />}
        </div>
      )}
    </>
  );
}

/** What the trainer has measured of the live revision; null before there are examples. */
async function difficultyOf(task: string, revision: string, signal: AbortSignal): Promise<Difficulty | null> {
  try {
    return (await clients().trainer.getDifficulty({ task, revision }, { signal })).difficulty ?? null;
  } catch (error) {
    if (hasReason(error, "NO_EXAMPLES")) return null;
    throw error;
  }
}
