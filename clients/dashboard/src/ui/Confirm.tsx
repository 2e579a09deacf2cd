import { type ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../app/useAction";
import { Dialog } from "./Dialog";
import { Field } from "./Field";
import { ErrorNote } from "./parts";

export interface Question {
  title: string;
  text: ComponentChildren;
  /** What the button says. */
  act: string;
  /** What has to be typed first, where there is no way back. */
  typed?: string;
  danger?: boolean;
  run: () => Promise<unknown>;
}

export function Confirm({ question, onClose }: { question: Question; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const action = useAction(question.run);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (await action.run()) onClose();
  };
  return (
    <Dialog title={question.title} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <div>{question.text}</div>
        {question.typed && (
          <Field label={`Type ${question.typed} to go on`}>
            <input autofocus value={typed} autocomplete="off" spellcheck={false} onInput={(event) => setTyped(event.currentTarget.value)} />
          </Field>
        )}
        <ErrorNote error={action.error} />
        <div class="actions end">
          <button type="button" autofocus={question.danger && !question.typed} onClick={onClose}>
            Keep it as it is
          </button>
          <button class={question.danger ? "danger" : "primary"} autofocus={!question.danger} disabled={action.busy || (!!question.typed && typed !== question.typed)}>
            {question.act}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
