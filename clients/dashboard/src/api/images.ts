import { type MessageInitShape } from "@bufbuild/protobuf";
import { type ImageSchema } from "../gen/taskres/v1/types_pb";
import { hasReason } from "./errors";

export type WireImage = MessageInitShape<typeof ImageSchema>;

export const bytesOf = async (file: Blob) => new Uint8Array(await file.arrayBuffer());

export const byContent = (content: Uint8Array): WireImage => ({ source: { case: "content", value: content } });

/** Null where the page came over plain HTTP from another machine: browsers then keep their hashes to themselves. */
export async function byDigest(content: Uint8Array<ArrayBuffer>): Promise<WireImage | null> {
  if (!globalThis.crypto?.subtle) return null;
  return { source: { case: "sha256", value: new Uint8Array(await crypto.subtle.digest("SHA-256", content)) } };
}

/** Asks by digest first, so that an image the server knows does not travel again. */
export async function digestFirst<T>(content: Uint8Array<ArrayBuffer>, call: (image: WireImage) => Promise<T>): Promise<T> {
  const digest = await byDigest(content);
  if (!digest) return call(byContent(content));
  try {
    return await call(digest);
  } catch (error) {
    if (!hasReason(error, "IMAGE_BYTES_REQUIRED")) throw error;
    return call(byContent(content));
  }
}
