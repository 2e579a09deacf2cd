import { useRef } from "preact/hooks";
import { useAction } from "../app/useAction";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { Icon } from "../ui/icons";
import { ErrorNote } from "../ui/parts";
import { tell } from "../ui/Toasts";

/** A new secret, this once. */
export function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  const field = useRef<HTMLDivElement>(null);
  const copy = useAction(async () => {
    const input = field.current!.querySelector("input")!;
    input.select();
    // Not from another machine over plain HTTP: there the text is selected, to be copied by hand.
    if (!navigator.clipboard) throw new Error("This browser copies by hand alone: the secret is selected.");
    await navigator.clipboard.writeText(secret);
    tell("Copied.");
  });
  return (
    <Dialog title="The secret" onClose={onClose}>
      <div class="stack" ref={field}>
        <Field label="Key" hint="It is not shown again: the services keep a hash alone.">
          <input class="mono" readOnly value={secret} onFocus={(event) => event.currentTarget.select()} />
        </Field>
        <ErrorNote error={copy.error} />
        <div class="actions end">
          <button type="button" class="primary" autofocus onClick={() => copy.run()}>
            <Icon name="copy" />
            <span>Copy</span>
          </button>
          <button type="button" onClick={onClose}>
            Done
          </button>
        </div>
      </div>
    </Dialog>
  );
}
