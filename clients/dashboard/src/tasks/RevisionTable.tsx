import { clients } from "../api/clients";
import { lastPart, shortId } from "../api/names";
import { exportFile } from "../api/revisionFile";
import { useAction } from "../app/useAction";
import { type Revision } from "../gen/taskres/v1/trainer_pb";
import { type Question } from "../ui/Confirm";
import { ago, count, fullMoment } from "../ui/format";
import { Badge, Card, ErrorNote } from "../ui/parts";
import { tell } from "../ui/Toasts";
import { type TaskState } from "./TaskPage";

export function RevisionTable({ state, ask, onChange }: { state: TaskState; ask: (question: Question) => void; onChange: () => void }) {
  const task = state.response.task!;
  const saved = useAction(save);
  const rollBack = () =>
    ask({
      title: "Roll back?",
      text: "The revision that was live before goes live again. Requests in flight finish on the present one; a rollout ends.",
      act: "Roll back",
      run: async () => {
        const { task: after } = await clients().trainer.rollbackTask({ name: task.name, expectedLiveRevision: task.liveRevision });
        tell(`${shortId(after!.liveRevision)} is live again.`);
        onChange();
      },
    });
  const promote = (revision: Revision) =>
    ask({
      title: `Promote ${shortId(revision.name)}?`,
      text: (
        <>
          It goes live in place of {task.liveRevision ? <code>{shortId(task.liveRevision)}</code> : "nothing"}. Requests in flight finish on the present one; a rollout ends.
        </>
      ),
      act: "Promote it",
      run: async () => {
        await clients().trainer.promoteRevision({ name: revision.name, expectedLiveRevision: task.liveRevision, etag: task.etag });
        tell(`${shortId(revision.name)} is live.`);
        onChange();
      },
    });
  return (
    <Card
      wide
      title="Revisions"
      about="Immutable, each named by the hash of its content; the newest first."
      actions={
        <button type="button" disabled={state.revisions.length < 2} onClick={rollBack}>
          Roll back
        </button>
      }
    >
      <ErrorNote error={saved.error} />
      <div class="table">
        <table>
          <thead>
            <tr>
              <th scope="col">Revision</th>
              <th scope="col">State</th>
              <th scope="col" class="spare">
                Method
              </th>
              <th scope="col" class="num spare">
                Examples
              </th>
              <th scope="col" class="num">
                <abbr title="On its own examples, in percent; before training in brackets">Accuracy</abbr>
              </th>
              <th scope="col" class="num spare">
                Loss
              </th>
              <th scope="col" class="num spare">
                <abbr title="Mean size of the residual's values">|x|</abbr>
              </th>
              <th scope="col" class="spare">
                Made
              </th>
              <th scope="col">
                <span class="visually-hidden">What to do with it</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {state.revisions.map((revision) => (
              <tr key={revision.name} class={revision.live ? "is-live" : undefined}>
                <th scope="row">
                  <code title={lastPart(revision.name)}>{shortId(revision.name)}</code>
                </th>
                <td>
                  <States revision={revision} state={state} />
                </td>
                <td class="spare">{revision.settings ? `${revision.method}, α ${revision.alpha}` : "zero-shot"}</td>
                <td class="num spare">{revision.settings ? count(revision.exampleCount) : "–"}</td>
                <td class="num">
                  {revision.settings ? (
                    <>
                      {revision.supportAccuracy.toFixed(1)} <span class="muted">({revision.baseSupportAccuracy.toFixed(1)})</span>
                    </>
                  ) : (
                    "–"
                  )}
                </td>
                <td class="num spare">{revision.settings ? revision.finalLoss.toFixed(3) : "–"}</td>
                <td class="num spare">{revision.settings ? revision.residualMeanAbs.toFixed(4) : "–"}</td>
                <td class="spare muted" title={fullMoment(revision.createTime)}>
                  {ago(revision.createTime)}
                </td>
                <td class="row-actions">
                  <button type="button" class="small" disabled={revision.live} aria-label={`Promote ${shortId(revision.name)}`} onClick={() => promote(revision)}>
                    Promote
                  </button>
                  <button type="button" class="small quiet spare" aria-label={`Download ${shortId(revision.name)}`} onClick={() => saved.run(revision)}>
                    Download
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {state.more && <p class="muted small">The 50 newest are shown.</p>}
    </Card>
  );
}

function States({ revision, state: { response } }: { revision: Revision; state: TaskState }) {
  const rollout = response.task!.rollout;
  return (
    <>
      {revision.live && <Badge tone="good">live</Badge>}{" "}
      {rollout?.canaryRevision === revision.name && <Badge tone="accent">canary {rollout.canaryPercent} %</Badge>}{" "}
      {rollout?.shadowRevision === revision.name && <Badge tone="accent">shadow</Badge>}
    </>
  );
}

async function save(revision: Revision) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await exportFile(revision.name));
  link.download = `${shortId(revision.name)}.safetensors`;
  link.click();
  URL.revokeObjectURL(link.href);
}
