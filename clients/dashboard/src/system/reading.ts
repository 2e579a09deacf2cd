import { type Sample } from "./exposition";
import { emptyHistogram, type Histogram, plus } from "./histogram";

/** What the page takes from one reading of the metrics. */
export interface Reading {
  /** In seconds. */
  at: number;
  /** Durations of calls, by method and status. */
  calls: { method: string; status: string; durations: Histogram }[];
  /** Items that shared a forward pass. */
  batches: Histogram;
  queue: number;
  /** Embeddings answered, by tier and tenant. */
  embeddings: { tier: string; tenant: string; count: number }[];
  refusals: number;
}

const names = {
  calls: "taskres_rpc_duration_seconds",
  batches: "taskres_encoder_batch_size",
  queue: "taskres_encoder_queue_length",
  embeddings: "taskres_embeddings",
  refusals: "taskres_quota_refusals",
};

export function readingOf(samples: Sample[], at: number): Reading {
  const calls = grouped(samples, names.calls, ({ rpc_method, rpc_grpc_status_code }) => `${rpc_method} ${rpc_grpc_status_code}`);
  return {
    at,
    calls: calls.map((own) => {
      const { rpc_method: method = "", rpc_grpc_status_code: status = "" } = own[0]!.labels;
      return { method: method.split("/").at(-1)!, status, durations: histogramOf(own) };
    }),
    batches: grouped(samples, names.batches, ({ taskres_kind }) => `${taskres_kind}`).map(histogramOf).reduce(plus, emptyHistogram),
    queue: sum(samples, names.queue),
    embeddings: of(samples, names.embeddings).map(({ labels, value }) => ({ tier: labels.taskres_tier ?? "", tenant: labels.taskres_tenant ?? "", count: value })),
    refusals: sum(samples, names.refusals),
  };
}

/** The samples of a histogram, those of each of its series together. */
function grouped(samples: Sample[], histogram: string, key: (labels: Sample["labels"]) => string): Sample[][] {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    if (!sample.name.startsWith(`${histogram}_`)) continue;
    const name = key(sample.labels);
    groups.set(name, [...(groups.get(name) ?? []), sample]);
  }
  return [...groups.values()];
}

function histogramOf(samples: Sample[]): Histogram {
  const buckets = samples.filter(({ name }) => name.endsWith("_bucket")).map(({ labels, value }) => [labels.le === "+Inf" ? Infinity : Number(labels.le), value] as const);
  buckets.sort(([a], [b]) => a - b);
  return {
    bounds: buckets.map(([bound]) => bound),
    counts: buckets.map(([, count]) => count),
    sum: samples.find(({ name }) => name.endsWith("_sum"))?.value ?? 0,
  };
}

// Exporters differ in whether a counter's unit and _total are part of its name.
const of = (samples: Sample[], name: string) => samples.filter((sample) => sample.name === name || (sample.name.startsWith(`${name}_`) && sample.name.endsWith("_total")));

const sum = (samples: Sample[], name: string) => of(samples, name).reduce((total, { value }) => total + value, 0);
