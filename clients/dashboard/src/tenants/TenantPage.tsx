import { useState } from "preact/hooks";
import { clients } from "../api/clients";
import { tenantName } from "../api/names";
import { session } from "../api/session";
import { go } from "../app/router";
import { useAction } from "../app/useAction";
import { useResource } from "../app/useResource";
import { EmbeddingPool, type Tenant, TenantState } from "../gen/taskres/v1/tenants_pb";
import { Confirm, type Question } from "../ui/Confirm";
import { Check, Field } from "../ui/Field";
import { ago } from "../ui/format";
import { Card, ErrorNote, Loading, PageHead } from "../ui/parts";
import { tell } from "../ui/Toasts";
import { AuditCard } from "./AuditCard";
import { KeysCard } from "./KeysCard";
import { QuotaCard } from "./QuotaCard";
import { StateBadge } from "./TenantsPage";

export function TenantPage({ tenant: id }: { tenant: string }) {
  const { operates } = session.current!;
  const name = tenantName(id);
  const [asked, setAsked] = useState<Question | null>(null);
  const state = useResource(async (signal) => (await clients().tenants.getTenant({ name }, { signal })).tenant!, [name]);
  const tenant = state.data;
  const isSuspended = tenant?.state === TenantState.SUSPENDED;
  return (
    <>
      <PageHead
        title={id}
        back={operates ? { href: "/tenants", text: "Tenants" } : undefined}
        about={
          tenant && (
            <>
              {tenant.displayName && `${tenant.displayName}, `}made {ago(tenant.createTime)} <StateBadge state={tenant.state} />
            </>
          )
        }
      >
        {operates && tenant && (
          <>
            <button type="button" onClick={() => setAsked(isSuspended ? resumption(name, id) : suspension(name, id))}>
              {isSuspended ? "Resume…" : "Suspend…"}
            </button>
            <button type="button" class="danger" onClick={() => setAsked(deletion(name, id))}>
              Delete…
            </button>
          </>
        )}
      </PageHead>
      <ErrorNote error={state.error} retry={state.reload} />
      {state.loading && <Loading lines={5} what="the tenant" />}
      {tenant && (
        <div class="grid">
          <KeysCard tenant={name} ask={setAsked} />
          <QuotaCard tenant={name} mayChange={operates} />
          {operates && <SettingsCard tenant={tenant} onChange={state.reload} />}
          <AuditCard tenant={name} />
        </div>
      )}
      {asked && (
        <Confirm
          question={asked}
          onClose={() => {
            setAsked(null);
            state.reload();
          }}
        />
      )}
    </>
  );
}

function SettingsCard({ tenant, onChange }: { tenant: Tenant; onChange: () => void }) {
  const [displayName, setDisplayName] = useState(tenant.displayName);
  const [shared, setShared] = useState(tenant.embeddingPool === EmbeddingPool.SHARED);
  const update = useAction(async () => {
    await clients().tenants.updateTenant({ name: tenant.name, displayName, embeddingPool: shared ? EmbeddingPool.SHARED : EmbeddingPool.PRIVATE });
    tell("Saved.");
    onChange();
  });
  const submit = (event: Event) => {
    event.preventDefault();
    void update.run();
  };
  return (
    <Card title="Settings">
      <form class="stack" onSubmit={submit}>
        <Field label="Name">
          <input maxLength={200} value={displayName} onInput={(event) => setDisplayName(event.currentTarget.value)} />
        </Field>
        <Check label="Share embeddings with the pool" hint="A hit then tells that another tenant of the pool has sent that image." checked={shared} onChange={setShared} />
        <ErrorNote error={update.error} />
        <div class="actions">
          <button class="primary" disabled={update.busy}>
            Save
          </button>
        </div>
      </form>
    </Card>
  );
}

const suspension = (name: string, id: string): Question => ({
  title: `Suspend ${id}?`,
  text: "Every call of its keys is refused from now on. Nothing of it is deleted.",
  act: "Suspend it",
  danger: true,
  run: async () => {
    await clients().tenants.suspendTenant({ name });
    tell(`${id} is suspended.`);
  },
});

const resumption = (name: string, id: string): Question => ({
  title: `Resume ${id}?`,
  text: "Its keys work again.",
  act: "Resume it",
  run: async () => {
    await clients().tenants.resumeTenant({ name });
    tell(`${id} is active again.`);
  },
});

const deletion = (name: string, id: string): Question => ({
  title: `Delete ${id}?`,
  text: "Its tasks, keys, audit records and cached embeddings are deleted. There is no way back.",
  act: "Delete it",
  typed: id,
  danger: true,
  run: async () => {
    await clients().tenants.deleteTenant({ name });
    if (session.current!.tenant === id) session.choose("default");
    tell(`${id} is deleted.`);
    go("/tenants");
  },
});
