import { useEffect, useState } from "preact/hooks";
import { clients } from "../api/clients";
import { lastPart } from "../api/names";
import { session } from "../api/session";
import { go, pathTo } from "../app/router";
import { useAction } from "../app/useAction";
import { useResource } from "../app/useResource";
import { EmbeddingPool, type Tenant, TenantState } from "../gen/taskres/v1/tenants_pb";
import { Dialog } from "../ui/Dialog";
import { Check, Field } from "../ui/Field";
import { Badge, Card, ErrorNote, Loading, PageHead, type Tone } from "../ui/parts";
import { type Column, Moment, Table } from "../ui/Table";
import { tell } from "../ui/Toasts";

const states: Record<TenantState, [string, Tone]> = {
  [TenantState.UNSPECIFIED]: ["unknown", "plain"],
  [TenantState.ACTIVE]: ["active", "good"],
  [TenantState.SUSPENDED]: ["suspended", "warn"],
  [TenantState.DELETING]: ["being deleted", "bad"],
  [TenantState.RESTORING]: ["being restored", "warn"],
};

export function StateBadge({ state }: { state: TenantState }) {
  const [text, tone] = states[state];
  return <Badge tone={tone}>{text}</Badge>;
}

export function TenantsPage() {
  const { tenant, operates } = session.current!;
  // Whoever administers one tenant has one page.
  useEffect(() => {
    if (!operates) go(pathTo("tenants", tenant), { replace: true });
  }, [operates, tenant]);
  return operates ? <All /> : null;
}

const columns: Column<Tenant>[] = [
  { title: "Tenant", cell: ({ name }) => <a href={pathTo("tenants", lastPart(name))}>{lastPart(name)}</a> },
  { title: "State", cell: ({ state }) => <StateBadge state={state} /> },
  { title: "Name", class: "spare", cell: ({ displayName }) => displayName || <span class="muted">–</span> },
  { title: "Embeddings", class: "spare", cell: ({ embeddingPool }) => (embeddingPool === EmbeddingPool.SHARED ? "shared pool" : "its own") },
  { title: "Made", cell: ({ createTime }) => <Moment of={createTime} /> },
];

function All() {
  const [creating, setCreating] = useState(false);
  const tenants = useResource(readAll, []);
  return (
    <>
      <PageHead title="Tenants" about="Each with its own tasks, keys and quotas; all on the same encoder.">
        <button type="button" class="primary" onClick={() => setCreating(true)}>
          New tenant
        </button>
      </PageHead>
      <ErrorNote error={tenants.error} retry={tenants.reload} />
      {tenants.loading && <Loading what="tenants" />}
      {tenants.data && (
        <Card>
          <Table rows={tenants.data} columns={columns} />
        </Card>
      )}
      {creating && <Creation onClose={() => setCreating(false)} />}
    </>
  );
}

function Creation({ onClose }: { onClose: () => void }) {
  const [id, setId] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [shared, setShared] = useState(false);
  const create = useAction(async () => {
    await clients().tenants.createTenant({ tenantId: id, tenant: { displayName, embeddingPool: shared ? EmbeddingPool.SHARED : EmbeddingPool.PRIVATE } });
    tell(`${id} is made. It needs a key.`);
    go(pathTo("tenants", id));
  });
  const submit = (event: Event) => {
    event.preventDefault();
    void create.run();
  };
  return (
    <Dialog title="New tenant" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Field label="Id" hint="Small letters, digits and hyphens.">
          <input autofocus required pattern="[a-z0-9\-]{1,63}" autocomplete="off" value={id} onInput={(event) => setId(event.currentTarget.value)} />
        </Field>
        <Field label="Name" hint="For people; may be empty.">
          <input maxLength={200} value={displayName} onInput={(event) => setDisplayName(event.currentTarget.value)} />
        </Field>
        <Check label="Share embeddings with the pool" hint="Cheaper where tenants send the same images; a hit tells that another of the pool has sent one." checked={shared} onChange={setShared} />
        <ErrorNote error={create.error} />
        <div class="actions end">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={create.busy}>
            Make the tenant
          </button>
        </div>
      </form>
    </Dialog>
  );
}

async function readAll(signal: AbortSignal): Promise<Tenant[]> {
  const all: Tenant[] = [];
  let pageToken = "";
  do {
    const page = await clients().tenants.listTenants({ pageSize: 500, pageToken }, { signal });
    all.push(...page.tenants);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return all;
}
