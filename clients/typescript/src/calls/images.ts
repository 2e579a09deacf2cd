import { type MessageInitShape } from "@bufbuild/protobuf";
import { ErrorReason, type ItemError } from "../gen/taskres/v1/errors_pb.js";
import { type ImageSchema } from "../gen/taskres/v1/types_pb.js";

/** An encoded image: JPEG, PNG, WebP, GIF or BMP. A browser's File is a Blob. */
export type ImageSource = Uint8Array | ArrayBuffer | Blob;

export type ImageInit = MessageInitShape<typeof ImageSchema>;
export type Bytes = Uint8Array<ArrayBuffer>;

// What fits a connection's first window (RFC 6928) arrives as soon as its digest would: to ask first would cost a round trip.
const ASK_FIRST_ABOVE = 14 << 10;

export async function bytesOf(source: ImageSource): Promise<Bytes> {
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  return source instanceof ArrayBuffer ? new Uint8Array(source) : (source as Bytes);
}

export async function* allBytesOf(sources: AsyncIterable<ImageSource> | Iterable<ImageSource>): AsyncGenerator<Bytes, void, undefined> {
  for await (const source of sources) yield await bytesOf(source);
}

/** What to send first: the digest, or the image itself where it is small or where the platform has no SHA-256 (a page over plain HTTP). */
export async function firstForm(image: Bytes): Promise<ImageInit> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle;
  if (image.length <= ASK_FIRST_ABOVE || !subtle) return content(image);
  return { source: { case: "sha256", value: new Uint8Array(await subtle.digest("SHA-256", image)) } };
}

export function content(image: Bytes): ImageInit {
  return { source: { case: "content", value: image } };
}

export function areAskedFor(error: ItemError | undefined): boolean {
  return error?.reason === ErrorReason.IMAGE_BYTES_REQUIRED;
}
