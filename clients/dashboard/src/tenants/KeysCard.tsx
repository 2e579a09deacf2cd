import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useState } from "preact/hooks";
import { clients } from "../api/clients";
import { lastPart } from "../api/names";
import { useResource } from "../app/useResource";
import { Permission } from "../gen/taskres/v1/access_pb";
import { type ApiKey } from "../gen/taskres/v1/tenants_pb";
import { type Question } from "../ui/Confirm";
import { ago, fullMoment } from "../ui/format";
import { Badge, Card, Empty, ErrorNote, Loading } from "../ui/parts";
import { actions, type Column, Moment, Table } from "../ui/Table";
import { tell } from "../ui/Toasts";
import { KeyCreation } from "./KeyCreation";
import { KeyRotation } from "./KeyRotation";
import { SecretDialog } from "./SecretDialog";

export const permissionNames: [Permission, string, string][] = [
  [Permission.READ, "read", "Tasks, jobs, revisions and the model."],
  [Permission.CLASSIFY, "classify", "Classify and encode."],
  [Permission.TRAIN, "train", "Make, train, promote and delete tasks."],
  [Permission.ADMIN, "admin", "Keys and audit records."],
];

export function KeysCard({ tenant, ask }: { tenant: string; ask: (question: Question) => void }) {
  const keys = useResource(async (signal) => (await clients().tenants.listApiKeys({ parent: tenant }, { signal })).apiKeys, [tenant]);
  const [creating, setCreating] = useState(false);
  const [rotating, setRotating] = useState<ApiKey | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const shown = (made: string) => {
    setCreating(false);
    setRotating(null);
    setSecret(made);
    keys.reload();
  };
  const revoke = (key: ApiKey) =>
    ask({
      title: `Revoke ${titleOf(key)}?`,
      text: "It ends within seconds everywhere. There is no way back.",
      act: "Revoke it",
      danger: true,
      run: async () => {
        await clients().tenants.deleteApiKey({ name: key.name });
        tell(`${titleOf(key)} is revoked.`);
        keys.reload();
      },
    });
  const columns: Column<ApiKey>[] = [
    {
      title: "Key",
      cell: (key) => (
        <>
          {key.displayName && <span class="block">{key.displayName}</span>}
          <code class="muted">{lastPart(key.name)}</code>
        </>
      ),
    },
    { title: "May", cell: ({ permissions }) => permissionNames.filter(([permission]) => permissions.includes(permission)).map(([, name]) => <Badge key={name}>{name}</Badge>) },
    { title: "For", class: "spare", cell: ({ tasks }) => (tasks.length > 0 ? tasks.map(lastPart).join(", ") : <span class="muted">all tasks</span>) },
    { title: "Ends", class: "spare", cell: (key) => <Ends apiKey={key} /> },
    { title: "Made", class: "spare", cell: (key) => <Moment of={key.createTime} /> },
    actions((key) => (
      <>
        <button type="button" class="small" aria-label={`Rotate ${titleOf(key)}`} onClick={() => setRotating(key)}>
          Rotate
        </button>
        <button type="button" class="small danger" aria-label={`Revoke ${titleOf(key)}`} onClick={() => revoke(key)}>
          Revoke
        </button>
      </>
    )),
  ];
  return (
    <Card
      wide
      title="Keys"
      about="The services keep a hash: a secret is shown once."
      actions={
        <button type="button" class="primary" onClick={() => setCreating(true)}>
          New key
        </button>
      }
    >
      <ErrorNote error={keys.error} retry={keys.reload} />
      {keys.loading && <Loading what="keys" />}
      {keys.data?.length === 0 && <Empty title="No key yet">Nobody but the operator can use this tenant.</Empty>}
      {keys.data && keys.data.length > 0 && <Table rows={keys.data} columns={columns} />}
      {creating && <KeyCreation tenant={tenant} onMade={shown} onClose={() => setCreating(false)} />}
      {rotating && <KeyRotation apiKey={rotating} onMade={shown} onClose={() => setRotating(null)} />}
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </Card>
  );
}

export const titleOf = (key: ApiKey) => key.displayName || lastPart(key.name);

function Ends({ apiKey: { expireTime, previousSecretExpireTime } }: { apiKey: ApiKey }) {
  const now = Date.now();
  const overlaps = previousSecretExpireTime && timestampDate(previousSecretExpireTime).getTime() > now;
  return (
    <>
      {!expireTime ? <span class="muted">never</span> : timestampDate(expireTime).getTime() < now ? <Badge tone="bad">has ended</Badge> : <span title={fullMoment(expireTime)}>{ago(expireTime)}</span>}
      {overlaps && <span class="block muted small">its old secret {ago(previousSecretExpireTime)}</span>}
    </>
  );
}
