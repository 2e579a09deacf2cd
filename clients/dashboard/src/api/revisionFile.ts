import { clients } from "./clients";
import { type Matrix, parseSafetensors } from "./safetensors";

/** What it takes to score an image as the services do. */
export interface Head {
  revision: string;
  classNames: string[];
  /** t, K×D. */
  base: Matrix;
  /** x, K×D. */
  residual: Matrix;
  /** α. */
  alpha: number;
  /** s. */
  logitScale: number;
  /** Whether the base comes from class names, so that without the residual it is the zero-shot classifier. */
  fromPrompts: boolean;
  method: string;
  /** Whether t and x are all there is: other methods may add to them what is scored by the services alone. */
  isPlain: boolean;
}

const plainTensors = ["base", "residual"];

const kept = new Map<string, Promise<Head>>();
const mostKept = 8;

/** Reads a revision, once: its name is the hash of its content. */
export function readHead(revision: string): Promise<Head> {
  const known = kept.get(revision);
  if (known) return known;
  const reading = download(revision);
  reading.catch(() => kept.delete(revision));
  kept.set(revision, reading);
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  return reading;
}

export async function exportFile(revision: string, signal?: AbortSignal): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const { chunk } of clients().trainer.exportRevision({ name: revision }, { signal })) chunks.push(chunk as Uint8Array<ArrayBuffer>);
  return new Blob(chunks, { type: "application/octet-stream" });
}

async function download(revision: string): Promise<Head> {
  const file = parseSafetensors(new Uint8Array(await (await exportFile(revision)).arrayBuffer()));
  const text = (key: string) => file.metadata[key] ?? "";
  return {
    revision,
    classNames: JSON.parse(text("class_names")),
    base: file.matrix("base"),
    residual: file.matrix("residual"),
    alpha: Number(text("alpha")),
    logitScale: Number(text("logit_scale")),
    fromPrompts: text("base_kind") === '"prompts"',
    method: text("method"),
    isPlain: file.names.every((name) => plainTensors.includes(name)),
  };
}
