import { type Head } from "../api/revisionFile";
import { dot, norm, row, softmax } from "./vectors";

/** Scores embeddings as the classifier does: s · ẑ · t̂'ᵀ with t' = t + αx. */
export interface Scorer {
  /** One logit a class. */
  logits(embedding: ArrayLike<number>): number[];
  /** Softmax of the logits. */
  probabilities(embedding: ArrayLike<number>): number[];
}

/** With the residual, as served. */
export const adapted = (head: Head) => scorer(head, head.alpha);

/** Without it: the base alone, which for a base of prompts is the zero-shot classifier. */
export const baseOnly = (head: Head) => scorer(head, 0);

/** ‖x_k‖/‖t_k‖: how far training moved each class from its text. */
export function residualSizes(head: Head): number[] {
  return head.classNames.map((_, k) => norm(row(head.residual, k)) / norm(row(head.base, k)));
}

function scorer(head: Head, alpha: number): Scorer {
  const { rows, columns } = head.base;
  const weights = new Float32Array(rows * columns);
  for (let k = 0; k < rows; k++) {
    const [t, x, w] = [row(head.base, k), row(head.residual, k), weights.subarray(k * columns, (k + 1) * columns)];
    for (let d = 0; d < columns; d++) w[d] = t[d]! + alpha * x[d]!;
    const length = norm(w);
    for (let d = 0; d < columns; d++) w[d] = (head.logitScale * w[d]!) / length;
  }
  const logits = (embedding: ArrayLike<number>) => {
    const length = norm(embedding);
    return Array.from({ length: rows }, (_, k) => dot(weights.subarray(k * columns, (k + 1) * columns), embedding) / length);
  };
  return { logits, probabilities: (embedding) => softmax(logits(embedding)) };
}
