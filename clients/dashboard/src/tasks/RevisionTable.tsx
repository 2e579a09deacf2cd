import { clients } from "../api/clients";
import { lastPart, shortId } from "../api/names";
import { exportFile } from "../api/revisionFile";
import { useAction } from "../app/useAction";
import { type Revision } from "../gen/taskres/v1/trainer_pb";
import { type Question } from "../ui/Confirm";
import { count } from "../ui/format";
import { Badge, Card, ErrorNote } from "../ui/parts";
import { actions, type Column, Moment, Table } from "../ui/Table";
import { tell } from "../ui/Toasts";
import { newRequestId } from "./TaskCreation";
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
        const { task: after } = await clients().trainer.rollbackTask({ name: task.name, expectedLiveRevision: task.liveRevision, requestId: newRequestId() });
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
  const columns: Column<Revision>[] = [
    { title: "Revision", cell: (revision) => <code title={lastPart(revision.name)}>{shortId(revision.name)}</code> },
    { title: "State", cell: (revision) => <States revision={revision} state={state} /> },
    { title: "Method", class: "spare", cell: ({ settings, method, alpha }) => (settings ? `${method}, α ${alpha}` : "zero-shot") },
    { title: "Examples", class: "num spare", cell: ({ settings, exampleCount }) => (settings ? count(exampleCount) : "–") },
    {
      title: <abbr title="On its own examples, in percent; before training in brackets">Accuracy</abbr>,
      class: "num",
      cell: ({ settings, supportAccuracy, baseSupportAccuracy }) =>
        settings ? (
          <>
            {supportAccuracy.toFixed(1)} <span class="muted">({baseSupportAccuracy.toFixed(1)})</span>
          </>
        ) : (
          "–"
        ),
    },
    { title: "Loss", class: "num spare", cell: ({ settings, finalLoss }) => (settings ? finalLoss.toFixed(3) : "–") },
    { title: <abbr title="Mean size of the residual's values">|x|</abbr>, class: "num spare", cell: ({ settings, residualMeanAbs }) => (settings ? residualMeanAbs.toFixed(4) : "–") },
    { title: "Made", class: "spare", cell: (revision) => <Moment of={revision.createTime} /> },
    actions((revision) => (
      <>
        <button type="button" class="small" disabled={revision.live} aria-label={`Promote ${shortId(revision.name)}`} onClick={() => promote(revision)}>
          Promote
        </button>
        <button type="button" class="small quiet spare" aria-label={`Download ${shortId(revision.name)}`} onClick={() => saved.run(revision)}>
          Download
        </button>
      </>
    )),
  ];
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
      <Table rows={state.revisions} columns={columns} rowClass={({ live }) => (live ? "is-live" : undefined)} />
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
