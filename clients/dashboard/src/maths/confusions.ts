/** How often images of each class were taken for each class. */
export class Confusions {
  readonly counts: number[][];

  constructor(readonly classes: number) {
    this.counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  }

  add(label: number, predicted: number) {
    this.counts[label]![predicted]!++;
  }

  images(label: number): number {
    return this.counts[label]!.reduce((sum, count) => sum + count, 0);
  }

  /** The share of a class's images that were recognised; null where it has none. */
  recall(label: number): number | null {
    const images = this.images(label);
    return images === 0 ? null : this.counts[label]![label]! / images;
  }

  get total(): number {
    return this.counts.reduce((sum, _, label) => sum + this.images(label), 0);
  }

  get accuracy(): number | null {
    const right = this.counts.reduce((sum, row, label) => sum + row[label]!, 0);
    return this.total === 0 ? null : right / this.total;
  }

  /** What a class is most often taken for, the most often first. */
  mistakenFor(label: number): { label: number; count: number }[] {
    return this.counts[label]!.map((count, other) => ({ label: other, count }))
      .filter(({ label: other, count }) => other !== label && count > 0)
      .sort((a, b) => b.count - a.count);
  }
}

const z = 1.96;

/** The 95 % Wilson interval of a share: honest at few images, where the plain one is not. */
export function wilson(right: number, of: number): [number, number] {
  if (of === 0) return [0, 1];
  const p = right / of;
  const centre = p + (z * z) / (2 * of);
  const half = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return [Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale)];
}
