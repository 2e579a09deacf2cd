import { useState } from "preact/hooks";
import { clients } from "../api/clients";
import { shortId } from "../api/names";
import { useAction } from "../app/useAction";
import { Field } from "../ui/Field";
import { Card, ErrorNote } from "../ui/parts";
import { tell } from "../ui/Toasts";
import { type TaskState } from "./TaskPage";

/** Revisions on trial beside the live one. */
export function RolloutCard({ state: { response, revisions }, onChange }: { state: TaskState; onChange: () => void }) {
  const task = response.task!;
  const present = task.rollout;
  const [canary, setCanary] = useState(present?.canaryRevision ?? "");
  const [share, setShare] = useState(present?.canaryPercent || 10);
  const [shadow, setShadow] = useState(present?.shadowRevision ?? "");
  const others = revisions.filter(({ live }) => !live);
  const set = useAction(async (rollout: { canaryRevision: string; canaryPercent: number; shadowRevision: string } | undefined) => {
    await clients().trainer.setRollout({ task: task.name, rollout, etag: task.etag });
    tell(rollout ? "The trial runs." : "The trial has ended.");
    onChange();
  });
  const submit = (event: Event) => {
    event.preventDefault();
    void set.run({ canaryRevision: canary, canaryPercent: canary ? share : 0, shadowRevision: shadow });
  };
  const end = async () => {
    if (!(await set.run(undefined))) return;
    setCanary("");
    setShadow("");
  };
  return (
    <Card title="Rollout" about="A canary answers a share of the requests; a shadow scores all of them unseen. It ends when another revision goes live.">
      <form class="stack" onSubmit={submit}>
        <div class="row">
          <Field label="Canary">
            <select value={canary} onChange={(event) => setCanary(event.currentTarget.value)}>
              <Choices revisions={others} />
            </select>
          </Field>
          <Field label="Share, %">
            <input type="number" min="0.1" max="99.9" step="0.1" required disabled={!canary} value={share} onInput={(event) => setShare(event.currentTarget.valueAsNumber)} />
          </Field>
        </div>
        <Field label="Shadow">
          <select value={shadow} onChange={(event) => setShadow(event.currentTarget.value)}>
            <Choices revisions={others} />
          </select>
        </Field>
        <ErrorNote error={set.error} />
        <div class="actions">
          <button class="primary" disabled={set.busy || (!canary && !shadow)}>
            {present ? "Replace the trial" : "Start the trial"}
          </button>
          <button type="button" disabled={set.busy || !present} onClick={end}>
            End it
          </button>
        </div>
      </form>
    </Card>
  );
}

function Choices({ revisions }: { revisions: TaskState["revisions"] }) {
  return (
    <>
      <option value="">none</option>
      {revisions.map((revision) => (
        <option key={revision.name} value={revision.name}>
          {shortId(revision.name)} · {revision.settings ? `${revision.supportAccuracy.toFixed(1)} %` : "zero-shot"}
        </option>
      ))}
    </>
  );
}
