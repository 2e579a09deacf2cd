import { byContent, digestFirst } from "../api/images";
import { clients } from "../api/clients";
import { type Head, readHead } from "../api/revisionFile";
import { type ClassifyResponse } from "../gen/taskres/v1/classifier_pb";
import { baseOnly } from "../maths/scoring";

const topK = 100;
const deadlineMs = 30_000;

/** A class with both of its probabilities. */
export interface Pair {
  name: string;
  served: number;
  /** Without the residual; null where the key may not read the revision. */
  base: number | null;
}

export interface Answer {
  response: ClassifyResponse;
  /** From the request to the reply, as the browser saw it. */
  roundTripMs: number;
  pairs: Pair[];
  head: Head | null;
  /** Why there is no comparison. */
  comparisonError: unknown;
}

/** Classifies an image as any caller does, then scores its embedding by the revision's base alone, for the comparison. */
export async function ask(tenant: string, task: string, content: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Answer> {
  const start = performance.now();
  const response = await digestFirst(content, (image) => clients().classifier.classify({ task, image, topK }, { signal, timeoutMs: deadlineMs }));
  const roundTripMs = performance.now() - start;
  try {
    const [head, embedding] = await Promise.all([readHead(response.revision), embed(tenant, content, signal)]);
    return { response, roundTripMs, pairs: pairsOf(response, head, embedding), head, comparisonError: null };
  } catch (comparisonError) {
    if (signal.aborted) throw comparisonError;
    const pairs = response.predictions.map(({ className, probability }) => ({ name: className, served: probability, base: null }));
    return { response, roundTripMs, pairs, head: null, comparisonError };
  }
}

async function embed(tenant: string, content: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<number[]> {
  const { results } = await clients().encoder.encodeImages({ tenant: `tenants/${tenant}`, images: [byContent(content)] }, { signal, timeoutMs: deadlineMs });
  const result = results[0]?.result;
  if (result?.case !== "embedding") throw new Error(result?.value?.message ?? "The image was not embedded.");
  return result.value.values;
}

function pairsOf({ predictions }: ClassifyResponse, head: Head, embedding: number[]): Pair[] {
  const base = baseOnly(head).probabilities(embedding);
  const served = new Map(predictions.map(({ classIndex, probability }) => [classIndex, probability]));
  // Beyond the classes that were asked for, next to nothing is left.
  return head.classNames.map((name, k) => ({ name, served: served.get(k) ?? 0, base: base[k]! })).sort((a, b) => b.served - a.served);
}
