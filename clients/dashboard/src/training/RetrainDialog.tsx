import { useState } from "preact/hooks";
import { go } from "../app/router";
import { useAction } from "../app/useAction";
import { Dialog } from "../ui/Dialog";
import { ErrorNote } from "../ui/parts";
import { jobPath, SettingsFields, startJob, usualChoices } from "./settings";

export function RetrainDialog({ task, onClose }: { task: string; onClose: () => void }) {
  const [choices, setChoices] = useState(usualChoices);
  const start = useAction(async () => go(jobPath(await startJob(task, choices))));
  const submit = (event: Event) => {
    event.preventDefault();
    void start.run();
  };
  return (
    <Dialog title="Train again" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p class="muted">On the examples that the task has now. The same examples and settings give the same revision.</p>
        <SettingsFields choices={choices} onChange={setChoices} />
        <ErrorNote error={start.error} />
        <div class="actions end">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" autofocus disabled={start.busy}>
            Train
          </button>
        </div>
      </form>
    </Dialog>
  );
}
