import { useState } from "preact/hooks";
import { clients } from "../api/clients";
import { tenantName } from "../api/names";
import { session } from "../api/session";
import { go, pathTo } from "../app/router";
import { useAction } from "../app/useAction";
import { BaseKind } from "../gen/taskres/v1/trainer_pb";
import { Dialog } from "../ui/Dialog";
import { Check, Field } from "../ui/Field";
import { ErrorNote } from "../ui/parts";
import { tell } from "../ui/Toasts";

export const idPattern = "[a-z][a-z0-9\\-]{0,62}";
export const idHint = "Small letters, digits and hyphens, a letter first.";

export async function createTask(tenant: string, taskId: string, task: { classNames: string[]; templates: string[]; baseKind: BaseKind }) {
  return (await clients().trainer.createTask({ parent: tenantName(tenant), taskId, task, requestId: newRequestId() })).task!;
}

/** A UUID, also where the page is not from this machine and browsers withhold randomUUID. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Lines of a text, without the empty ones. */
export const linesOf = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean);

export function TaskCreation({ onClose }: { onClose: () => void }) {
  const { tenant } = session.current!;
  const [id, setId] = useState("");
  const [classes, setClasses] = useState("");
  const [templates, setTemplates] = useState("a photo of a {}.");
  const [fromImages, setFromImages] = useState(false);
  const create = useAction(async () => {
    await createTask(tenant, id, {
      classNames: linesOf(classes),
      templates: fromImages ? [] : linesOf(templates),
      baseKind: fromImages ? BaseKind.CLASS_MEAN : BaseKind.PROMPTS,
    });
    tell(`${id} is made.`);
    go(pathTo("tasks", id));
  });
  const submit = (event: Event) => {
    event.preventDefault();
    void create.run();
  };
  return (
    <Dialog title="New task" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label="Id" hint={idHint}>
          <input autofocus required pattern={idPattern} value={id} autocomplete="off" onInput={(event) => setId(event.currentTarget.value)} />
        </Field>
        <Field label="Classes" hint="A name a line, as a person would say it.">
          <textarea required rows={5} value={classes} onInput={(event) => setClasses(event.currentTarget.value)} />
        </Field>
        <Check label="The names say nothing" hint="Start from the images' means instead of the names. Nothing is served before it is trained." checked={fromImages} onChange={setFromImages} />
        {!fromImages && (
          <Field label="Prompts" hint="One a line, with {} for the class name. Several are averaged.">
            <textarea rows={2} value={templates} onInput={(event) => setTemplates(event.currentTarget.value)} />
          </Field>
        )}
        <ErrorNote error={create.error} />
        <div class="actions end">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={create.busy}>
            {create.busy ? "Making it…" : "Make the task"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
