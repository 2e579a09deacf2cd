/** Counts up to each bound, as Prometheus gives them. */
export interface Histogram {
  bounds: number[];
  /** Cumulative, as many as the bounds; the last is of all. */
  counts: number[];
  sum: number;
}

export const emptyHistogram: Histogram = { bounds: [], counts: [], sum: 0 };

export const total = (histogram: Histogram) => histogram.counts.at(-1) ?? 0;

/** What came between two readings; a process that has restarted counts from zero. */
export function since(now: Histogram, before: Histogram): Histogram {
  if (before.counts.length !== now.counts.length || total(before) > total(now)) return now;
  return { bounds: now.bounds, counts: now.counts.map((count, i) => count - before.counts[i]!), sum: now.sum - before.sum };
}

export function plus(a: Histogram, b: Histogram): Histogram {
  if (a.counts.length === 0) return b;
  if (b.counts.length !== a.counts.length) return a;
  return { bounds: a.bounds, counts: a.counts.map((count, i) => count + b.counts[i]!), sum: a.sum + b.sum };
}

export const mean = (histogram: Histogram) => (total(histogram) === 0 ? null : histogram.sum / total(histogram));

/** The value below which a share lies, evenly spread within its bucket, as Prometheus' histogram_quantile; null where nothing was counted. */
export function quantile(histogram: Histogram, share: number): number | null {
  const rank = share * total(histogram);
  if (rank === 0) return null;
  const bucket = histogram.counts.findIndex((count) => count >= rank);
  const [low, high] = [bucket === 0 ? 0 : histogram.bounds[bucket - 1]!, histogram.bounds[bucket]!];
  if (high === Infinity) return low;
  const below = bucket === 0 ? 0 : histogram.counts[bucket - 1]!;
  return low + ((high - low) * (rank - below)) / (histogram.counts[bucket]! - below);
}
