import { type Bytes } from "./images.js";

/** A file to send: at once, or as it is read. */
export type FileSource = Uint8Array | Blob | AsyncIterable<Uint8Array>;

const CHUNK_BYTES = 1 << 20;

/** The file in pieces no larger than a message may hold. */
export async function* chunksOf(source: FileSource): AsyncGenerator<Bytes, void, undefined> {
  const parts = source instanceof Uint8Array ? [source] : source instanceof Blob ? [new Uint8Array(await source.arrayBuffer())] : source;
  for await (const part of parts) for (let at = 0; at < part.length; at += CHUNK_BYTES) yield part.subarray(at, at + CHUNK_BYTES) as Bytes;
}
