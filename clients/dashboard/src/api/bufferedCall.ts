import { create, type DescMessage, type DescMethodStreaming, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, type StreamResponse } from "@connectrpc/connect";
import { findTrailerError } from "@connectrpc/connect/protocol-grpc";
import { trailerParse } from "@connectrpc/connect/protocol-grpc-web";

const contentType = "application/grpc-web+proto";
const frameHeaderBytes = 5;
const trailerFlag = 0x80;

export interface BufferedCallOptions<I extends DescMessage> {
  signal: AbortSignal | undefined;
  timeoutMs: number;
  header: HeadersInit | undefined;
  key: string;
  input: AsyncIterable<MessageInitShape<I>>;
}

/** A call that streams to the server, with all of its messages in one body: memory is the caller's to bound. */
export async function bufferedCall<I extends DescMessage, O extends DescMessage>(
  method: DescMethodStreaming<I, O>,
  { signal, timeoutMs, header, key, input }: BufferedCallOptions<I>,
): Promise<StreamResponse<I, O>> {
  const body: Uint8Array<ArrayBuffer>[] = [];
  for await (const message of input) body.push(...frame(toBinary(method.input, create(method.input, message))));

  const headers = new Headers(header);
  headers.set("content-type", contentType);
  headers.set("accept", contentType);
  headers.set("x-grpc-web", "1");
  headers.set("authorization", `Bearer ${key}`);
  headers.set("grpc-timeout", `${timeoutMs}m`);
  const deadline = AbortSignal.timeout(timeoutMs);
  const ends = signal ? AbortSignal.any([signal, deadline]) : deadline;

  try {
    const response = await fetch(`${location.origin}/${method.parent.typeName}/${method.name}`, {
      method: "POST",
      headers,
      body: new Blob(body),
      signal: ends,
    });
    const { messages, trailer } = unframe(method.output, new Uint8Array(await response.arrayBuffer()));
    const error = findTrailerError(trailer ?? response.headers);
    if (error) throw error;
    if (!response.ok) throw new ConnectError(`HTTP ${response.status}`, Code.Unavailable);
    return {
      stream: true,
      service: method.parent,
      method,
      header: response.headers,
      trailer: trailer ?? new Headers(),
      message: each(messages),
    };
  } catch (error) {
    if (deadline.aborted) throw new ConnectError("The deadline has passed.", Code.DeadlineExceeded);
    throw ConnectError.from(error);
  }
}

function frame(message: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const header = new Uint8Array(frameHeaderBytes);
  new DataView(header.buffer).setUint32(1, message.length);
  return [header, message as Uint8Array<ArrayBuffer>];
}

function unframe<O extends DescMessage>(output: O, bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages = [];
  let trailer: Headers | undefined;
  for (let at = 0; at + frameHeaderBytes <= bytes.length; ) {
    const end = at + frameHeaderBytes + view.getUint32(at + 1);
    if (end > bytes.length) throw new ConnectError("The answer was cut off.", Code.Unavailable);
    const content = bytes.subarray(at + frameHeaderBytes, end);
    if (view.getUint8(at) & trailerFlag) trailer = trailerParse(content);
    else messages.push(fromBinary(output, content));
    at = end;
  }
  return { messages, trailer };
}

async function* each<T>(messages: T[]) {
  yield* messages;
}
