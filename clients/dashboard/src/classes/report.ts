import { type Head } from "../api/revisionFile";
import { type ClassDifficulty, type Difficulty } from "../gen/taskres/v1/trainer_pb";
import { wilson } from "../maths/confusions";
import { residualSizes } from "../maths/scoring";
import { type Measured } from "./measure";

/**
 * What the page shows of each class: from images that the reader drops, and before that from what the trainer measured on
 * examples that it held out.
 */
export interface ClassReport {
  name: string;
  examples: number;
  /** ‖x_k‖/‖t_k‖. */
  residualSize: number;
  /** Null where nothing was measured. */
  accuracy: number | null;
  interval: [number, number] | null;
  baseAccuracy: number | null;
  images: number;
  confusions: { name: string; count: number }[];
  /** Why more images of it would help; null where nothing says so. */
  needsMore: string | null;
}

export interface DifficultyReport {
  classes: ClassReport[];
  accuracy: number | null;
  baseAccuracy: number | null;
  images: number;
}

const fewExamples = 16;
const shownConfusions = 3;
const percents = 100;

export function reportOf(head: Head, examples: readonly number[], measured: Measured | null, difficulty: Difficulty | null = null): DifficultyReport {
  const sizes = residualSizes(head);
  const most = Math.max(0, ...examples);
  const overall = measured?.adapted.accuracy ?? null;
  const classes = head.classNames.map((name, k): ClassReport => {
    const common = { name, examples: examples[k] ?? 0, residualSize: sizes[k]! };
    const heldOut = difficulty?.classes[k];
    if (!measured && heldOut?.className === name) return { ...common, ...ofHeldOut(heldOut) };
    const images = measured?.adapted.images(k) ?? 0;
    const right = measured?.adapted.counts[k]![k] ?? 0;
    const interval = images > 0 ? wilson(right, images) : null;
    const report = {
      ...common,
      accuracy: measured?.adapted.recall(k) ?? null,
      interval,
      baseAccuracy: measured?.base.recall(k) ?? null,
      images,
      confusions: (measured?.adapted.mistakenFor(k) ?? []).slice(0, shownConfusions).map(({ label, count }) => ({ name: head.classNames[label]!, count })),
    };
    return { ...report, needsMore: needsMore(report, most, overall) };
  });
  if (measured || !difficulty) return { classes, accuracy: overall, baseAccuracy: measured?.base.accuracy ?? null, images: measured?.adapted.total ?? 0 };
  return { classes, accuracy: meanRecall(difficulty.classes), baseAccuracy: share(difficulty.zeroShotAccuracy?.value), images: 0 };
}

function ofHeldOut(one: ClassDifficulty): Omit<ClassReport, "name" | "examples" | "residualSize"> {
  const recall = one.heldOutRecall;
  return {
    accuracy: share(recall?.value),
    interval: recall ? [recall.low / percents, recall.high / percents] : null,
    baseAccuracy: share(one.zeroShotRecall?.value),
    images: one.shots,
    confusions: one.confusions.slice(0, shownConfusions).map(({ className, share: percent }) => ({ name: className, count: Math.round((percent / percents) * one.shots) })),
    needsMore: one.needsMoreImages ? (one.shots < 2 ? "fewer than two examples" : "recognised less often") : null,
  };
}

// Of the examples, each counting once.
function meanRecall(classes: readonly ClassDifficulty[]): number | null {
  const judged = classes.filter(({ heldOutRecall }) => heldOutRecall);
  const examples = judged.reduce((sum, { shots }) => sum + shots, 0);
  return examples === 0 ? null : judged.reduce((sum, { shots, heldOutRecall }) => sum + shots * heldOutRecall!.value, 0) / examples / percents;
}

const share = (percent: number | undefined): number | null => (percent === undefined ? null : percent / percents);

// Evidence first: an interval that lies wholly below the task's accuracy. Without images to measure on, the number of examples is all there is.
function needsMore({ examples, interval }: Pick<ClassReport, "examples" | "interval">, most: number, overall: number | null): string | null {
  if (interval && overall !== null && interval[1] < overall) return "recognised less often";
  if (examples < fewExamples && examples * 2 < most) return `${examples} where another has ${most}`;
  return null;
}
