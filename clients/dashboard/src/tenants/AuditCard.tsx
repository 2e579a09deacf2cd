import { useState } from "preact/hooks";
import { clients } from "../api/clients";
import { useAction } from "../app/useAction";
import { useResource } from "../app/useResource";
import { type AuditRecord } from "../gen/taskres/v1/tenants_pb";
import { ago, fullMoment } from "../ui/format";
import { Badge, Card, Empty, ErrorNote, Loading } from "../ui/parts";

const pageSize = 25;
const refreshMs = 5000;

/** What was changed, by whom, and how it ended. */
export function AuditCard({ tenant }: { tenant: string }) {
  const [more, setMore] = useState<{ records: AuditRecord[]; token: string } | null>(null);
  // What came in between would move the older pages.
  const first = useResource((signal) => clients().tenants.listAuditRecords({ parent: tenant, pageSize }, { signal }), [tenant], more ? undefined : refreshMs);
  const token = more ? more.token : (first.data?.nextPageToken ?? "");
  const next = useAction(async () => {
    const page = await clients().tenants.listAuditRecords({ parent: tenant, pageSize, pageToken: token });
    setMore((before) => ({ records: [...(before?.records ?? []), ...page.auditRecords], token: page.nextPageToken }));
  });
  const reload = () => {
    setMore(null);
    first.reload();
  };
  const records = [...(first.data?.auditRecords ?? []), ...(more?.records ?? [])];
  return (
    <Card
      wide
      title="Audit"
      about="What was changed, and by whom; the newest first."
      actions={
        <button type="button" onClick={reload}>
          Read again
        </button>
      }
    >
      <ErrorNote error={first.error ?? next.error} />
      {first.loading && <Loading what="audit records" />}
      {first.data && records.length === 0 && <Empty title="Nothing was changed yet" />}
      {records.length > 0 && (
        <div class="table">
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col" class="spare">
                  Who
                </th>
                <th scope="col">What</th>
                <th scope="col" class="spare">
                  Of
                </th>
                <th scope="col">Ended</th>
              </tr>
            </thead>
            <tbody>
              {records.map((record, index) => (
                <tr key={index}>
                  <td class="muted" title={fullMoment(record.time)}>
                    {ago(record.time)}
                  </td>
                  <td class="spare">
                    <code>{record.principal}</code>
                  </td>
                  <td>{record.method.split("/").at(-1)}</td>
                  <td class="spare">
                    <code class="muted">{record.resource.replace(`${tenant}/`, "")}</code>
                  </td>
                  <td>
                    <Badge tone={record.status === "OK" ? "good" : "bad"}>{record.status}</Badge>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {token && (
        <button type="button" disabled={next.busy} onClick={() => next.run()}>
          Older ones
        </button>
      )}
    </Card>
  );
}
