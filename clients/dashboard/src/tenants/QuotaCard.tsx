import { useState } from "preact/hooks";
import { clients } from "../api/clients";
import { useAction } from "../app/useAction";
import { useResource } from "../app/useResource";
import { type TenantQuotas } from "../gen/taskres/v1/tenants_pb";
import { Field } from "../ui/Field";
import { exact } from "../ui/format";
import { Card, ErrorNote, Loading } from "../ui/parts";
import { tell } from "../ui/Toasts";

type QuotaKey = Exclude<keyof TenantQuotas, "$typeName" | "$unknown">;

const quotas: { key: QuotaKey; label: string; least?: number; most?: number }[] = [
  { key: "requestsPerSecond", label: "Requests a second" },
  { key: "burst", label: "At once after a pause" },
  { key: "concurrentRequests", label: "Calls under way" },
  { key: "encoderWeight", label: "Encoder weight" },
  { key: "tasks", label: "Tasks" },
  { key: "classesPerTask", label: "Classes of a task" },
  { key: "examplesPerTask", label: "Examples of a task" },
  { key: "revisionsPerTask", label: "Revisions of a task", least: 10 },
  { key: "trainingJobs", label: "Training jobs" },
  { key: "imageBytes", label: "Bytes of an image", most: 67_108_864 },
  { key: "imagePixels", label: "Pixels of an image", most: 268_435_456 },
];

/** What was set for the tenant, beside what holds where nothing was. */
export function QuotaCard({ tenant, mayChange }: { tenant: string; mayChange: boolean }) {
  const limits = useResource(
    async (signal) => {
      const [{ quotas: held }, { tenant: own }] = await Promise.all([
        clients().tenants.getLimits({ name: tenant }, { signal }),
        clients().tenants.getTenant({ name: tenant }, { signal }),
      ]);
      return { held: held!, own: own!.quotas };
    },
    [tenant],
  );
  return (
    <Card title="Quotas" about={mayChange ? "An empty field is the service's default." : "Set by the operator."}>
      <ErrorNote error={limits.error} retry={limits.reload} />
      {limits.loading && <Loading lines={5} what="quotas" />}
      {limits.data &&
        (mayChange ? (
          <QuotaForm key={JSON.stringify(limits.data.own)} tenant={tenant} held={limits.data.held} own={limits.data.own} onChange={limits.reload} />
        ) : (
          <ul class="plain rows">
            {quotas.map(({ key, label }) => (
              <li key={key}>
                <span>{label}</span>
                <span class="num">{exact(limits.data!.held[key] ?? 0)}</span>
              </li>
            ))}
          </ul>
        ))}
    </Card>
  );
}

function QuotaForm({ tenant, held, own, onChange }: { tenant: string; held: TenantQuotas; own: TenantQuotas | undefined; onChange: () => void }) {
  const [set, setSet] = useState<Partial<Record<QuotaKey, number>>>(Object.fromEntries(quotas.flatMap(({ key }) => (own?.[key] === undefined ? [] : [[key, own[key]]]))));
  const save = useAction(async () => {
    await clients().tenants.updateTenantQuotas({ name: tenant, quotas: set });
    tell("The quotas hold within seconds, everywhere.");
    onChange();
  });
  const submit = (event: Event) => {
    event.preventDefault();
    void save.run();
  };
  const change = (key: QuotaKey, value: number) => setSet(({ [key]: _, ...others }) => (Number.isNaN(value) ? others : { ...others, [key]: value }));
  return (
    <form class="stack" onSubmit={submit}>
      <div class="fields">
        {quotas.map(({ key, label, least = 1, most = 1_000_000 }) => (
          <Field key={key} label={label}>
            <input type="number" min={least} max={most} placeholder={String(held[key])} value={set[key] ?? ""} onInput={(event) => change(key, event.currentTarget.valueAsNumber)} />
          </Field>
        ))}
      </div>
      <ErrorNote error={save.error} />
      <div class="actions">
        <button class="primary" disabled={save.busy}>
          Save the quotas
        </button>
      </div>
    </form>
  );
}
