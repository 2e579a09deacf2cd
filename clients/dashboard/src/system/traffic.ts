import { emptyHistogram, type Histogram, mean, plus, quantile, since, total } from "./histogram";
import { type Reading } from "./reading";

/** What happened between two readings. */
export interface Traffic {
  at: number;
  requestsPerSecond: number;
  errorsPerSecond: number;
  p50: number | null;
  p99: number | null;
  batch: number | null;
  queue: number;
  byMethod: { method: string; requestsPerSecond: number; errorsPerSecond: number; p50: number | null; p99: number | null }[];
  byTier: Record<string, number>;
  byTenant: Record<string, number>;
  refusals: number;
}

// A watch or an upload is open for as long as its client likes: that says nothing of the service.
const longCalls = new Set(["WatchJob", "AddExamples", "EncodeStream", "ClassifyStream", "ExportRevision", "ImportRevision", "ExportTenant", "ImportTenant", "ServerReflectionInfo", "Watch"]);

export function trafficBetween(now: Reading, before: Reading): Traffic {
  const seconds = Math.max(0.001, now.at - before.at);
  const calls = now.calls.map((call) => {
    const earlier = before.calls.find(({ method, status }) => method === call.method && status === call.status);
    return { ...call, durations: since(call.durations, earlier?.durations ?? emptyHistogram) };
  });
  const merged = (chosen: typeof calls): Histogram => chosen.map(({ durations }) => durations).reduce(plus, emptyHistogram);
  const rate = (chosen: typeof calls) => chosen.reduce((sum, { durations }) => sum + total(durations), 0) / seconds;
  const failed = calls.filter(({ status }) => status !== "OK");
  const answered = merged(calls.filter(({ method }) => !longCalls.has(method)));
  const methods = [...new Set(calls.filter(({ durations }) => total(durations) > 0).map(({ method }) => method))];
  const embeddings = now.embeddings.map((entry) => {
    const earlier = before.embeddings.find(({ tier, tenant }) => tier === entry.tier && tenant === entry.tenant)?.count ?? 0;
    return { ...entry, count: entry.count >= earlier ? entry.count - earlier : entry.count };
  });
  return {
    at: now.at,
    requestsPerSecond: rate(calls),
    errorsPerSecond: rate(failed),
    p50: quantile(answered, 0.5),
    p99: quantile(answered, 0.99),
    batch: mean(since(now.batches, before.batches)),
    queue: now.queue,
    byMethod: methods.map((method) => {
      const own = calls.filter((call) => call.method === method);
      return {
        method,
        requestsPerSecond: rate(own),
        errorsPerSecond: rate(own.filter(({ status }) => status !== "OK")),
        p50: quantile(merged(own), 0.5),
        p99: quantile(merged(own), 0.99),
      };
    }),
    byTier: sums(embeddings, ({ tier }) => tier),
    byTenant: sums(embeddings, ({ tenant }) => tenant),
    refusals: Math.max(0, now.refusals - before.refusals),
  };
}

function sums<T extends { count: number }>(entries: T[], key: (entry: T) => string): Record<string, number> {
  const result: Record<string, number> = {};
  for (const entry of entries) if (entry.count > 0) result[key(entry)] = (result[key(entry)] ?? 0) + entry.count;
  return result;
}
