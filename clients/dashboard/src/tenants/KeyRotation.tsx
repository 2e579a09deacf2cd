import { useState } from "preact/hooks";
import { clients } from "../api/clients";
import { useAction } from "../app/useAction";
import { type ApiKey } from "../gen/taskres/v1/tenants_pb";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { ErrorNote } from "../ui/parts";
import { titleOf } from "./KeysCard";

const hourSeconds = 3600;

export function KeyRotation({ apiKey, onMade, onClose }: { apiKey: ApiKey; onMade: (secret: string) => void; onClose: () => void }) {
  const [hours, setHours] = useState("24");
  const rotate = useAction(async () => {
    const overlap = hours === "0" ? undefined : { seconds: BigInt(Number(hours) * hourSeconds), nanos: 0 };
    onMade((await clients().tenants.rotateApiKey({ name: apiKey.name, overlap })).secret);
  });
  const submit = (event: Event) => {
    event.preventDefault();
    void rotate.run();
  };
  return (
    <Dialog title={`Rotate ${titleOf(apiKey)}`} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p class="muted">The key gets a new secret. The old one goes on for a while, so that callers can change over.</p>
        <Field label="The old secret goes on for">
          <select autofocus value={hours} onChange={(event) => setHours(event.currentTarget.value)}>
            <option value="0">no time at all</option>
            <option value="1">an hour</option>
            <option value="24">a day</option>
            <option value="168">a week</option>
            <option value="720">30 days</option>
          </select>
        </Field>
        <ErrorNote error={rotate.error} />
        <div class="actions end">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={rotate.busy}>
            Rotate
          </button>
        </div>
      </form>
    </Dialog>
  );
}
