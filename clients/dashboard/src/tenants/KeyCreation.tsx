import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { useState } from "preact/hooks";
import { clients } from "../api/clients";
import { useAction } from "../app/useAction";
import { Permission } from "../gen/taskres/v1/access_pb";
import { Dialog } from "../ui/Dialog";
import { Check, Field } from "../ui/Field";
import { ErrorNote } from "../ui/parts";
import { permissionNames } from "./KeysCard";

const dayMs = 86_400_000;

export function KeyCreation({ tenant, onMade, onClose }: { tenant: string; onMade: (secret: string) => void; onClose: () => void }) {
  const [displayName, setDisplayName] = useState("");
  const [permissions, setPermissions] = useState<Permission[]>([Permission.READ, Permission.CLASSIFY]);
  const [tasks, setTasks] = useState("");
  const [days, setDays] = useState("90");
  const create = useAction(async () => {
    const names = tasks.split(/[\s,]+/).filter(Boolean).map((id) => `${tenant}/tasks/${id}`);
    const expireTime = days === "" ? undefined : timestampFromMs(Date.now() + Number(days) * dayMs);
    onMade((await clients().tenants.createApiKey({ parent: tenant, apiKey: { displayName, permissions, tasks: names, expireTime } })).secret);
  });
  const submit = (event: Event) => {
    event.preventDefault();
    void create.run();
  };
  return (
    <Dialog title="New key" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label="Name" hint="Who or what it is for.">
          <input autofocus maxLength={200} value={displayName} onInput={(event) => setDisplayName(event.currentTarget.value)} />
        </Field>
        <fieldset>
          <legend>What it may do</legend>
          {permissionNames.map(([permission, name, about]) => (
            <Check
              key={name}
              label={name}
              hint={about}
              checked={permissions.includes(permission)}
              onChange={(checked) => setPermissions((before) => (checked ? [...before, permission] : before.filter((other) => other !== permission)))}
            />
          ))}
        </fieldset>
        <div class="row">
          <Field label="Tasks" hint="Ids; none means all.">
            <input value={tasks} autocomplete="off" onInput={(event) => setTasks(event.currentTarget.value)} />
          </Field>
          <Field label="Ends after">
            <select value={days} onChange={(event) => setDays(event.currentTarget.value)}>
              <option value="1">a day</option>
              <option value="30">30 days</option>
              <option value="90">90 days</option>
              <option value="365">a year</option>
              <option value="">never</option>
            </select>
          </Field>
        </div>
        <ErrorNote error={create.error} />
        <div class="actions end">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={create.busy || permissions.length === 0}>
            Make the key
          </button>
        </div>
      </form>
    </Dialog>
  );
}
