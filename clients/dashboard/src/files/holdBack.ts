import { type LabelledFile } from "./labelledFiles";

/** Some of each class's images are kept from training, to test with. */
export interface Split {
  train: LabelledFile[];
  test: LabelledFile[];
}

/** Every n-th image of a class is held back, so that the same folder is always split alike; one at the least stays to train with. */
export function holdBack(files: readonly LabelledFile[], share: number): Split {
  const split: Split = { train: [], test: [] };
  const seen = new Map<string, number>();
  for (const file of files) {
    const place = seen.get(file.label) ?? 0;
    seen.set(file.label, place + 1);
    const isTest = Math.floor((place + 1) * share) > Math.floor(place * share);
    (isTest ? split.test : split.train).push(file);
  }
  return split;
}
