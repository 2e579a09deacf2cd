import { type Head } from "../api/revisionFile";
import { wilson } from "../maths/confusions";
import { residualSizes } from "../maths/scoring";
import { type Measured } from "./measure";

/**
 * What the page shows of each class. It is filled here from an exported revision and from images that the reader drops; a
 * service that measures difficulty can fill the same.
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

export function reportOf(head: Head, examples: readonly number[], measured: Measured | null): DifficultyReport {
  const sizes = residualSizes(head);
  const most = Math.max(0, ...examples);
  const overall = measured?.adapted.accuracy ?? null;
  const classes = head.classNames.map((name, k): ClassReport => {
    const images = measured?.adapted.images(k) ?? 0;
    const right = measured?.adapted.counts[k]![k] ?? 0;
    const interval = images > 0 ? wilson(right, images) : null;
    const report = {
      name,
      examples: examples[k] ?? 0,
      residualSize: sizes[k]!,
      accuracy: measured?.adapted.recall(k) ?? null,
      interval,
      baseAccuracy: measured?.base.recall(k) ?? null,
      images,
      confusions: (measured?.adapted.mistakenFor(k) ?? []).slice(0, shownConfusions).map(({ label, count }) => ({ name: head.classNames[label]!, count })),
    };
    return { ...report, needsMore: needsMore(report, most, overall) };
  });
  return { classes, accuracy: overall, baseAccuracy: measured?.base.accuracy ?? null, images: measured?.adapted.total ?? 0 };
}

// Evidence first: an interval that lies wholly below the task's accuracy. Without images to measure on, the number of examples is all there is.
function needsMore({ examples, interval }: Pick<ClassReport, "examples" | "interval">, most: number, overall: number | null): string | null {
  if (interval && overall !== null && interval[1] < overall) return "recognised less often";
  if (examples < fewExamples && examples * 2 < most) return `${examples} where another has ${most}`;
  return null;
}
