import { type Interceptor, type Transport } from "@connectrpc/connect";
import { createTransport } from "@connectrpc/connect/protocol-grpc-web";
import { type UniversalClientFn } from "@connectrpc/connect/protocol";

const MAX_MESSAGE_BYTES = 64 << 20;

/** gRPC-Web with uploads: fetch sends no request while it is still written, so that its messages are gathered first. */
export function withUploads(transport: Transport, baseUrl: string, fetch: typeof globalThis.fetch, interceptors: Interceptor[]): Transport {
  const uploads = createTransport({
    httpClient: gathering(fetch),
    baseUrl,
    interceptors,
    useBinaryFormat: true,
    acceptCompression: [],
    sendCompression: null,
    compressMinBytes: 0,
    readMaxBytes: MAX_MESSAGE_BYTES,
    writeMaxBytes: MAX_MESSAGE_BYTES,
  });
  return {
    unary: transport.unary.bind(transport),
    stream: (method, ...call) => (method.methodKind === "client_streaming" ? uploads : transport).stream(method, ...call),
  };
}

function gathering(fetch: typeof globalThis.fetch): UniversalClientFn {
  return async (request) => {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for await (const part of request.body ?? []) parts.push(part as Uint8Array<ArrayBuffer>);
    const response = await fetch(request.url, { method: request.method, headers: request.header, body: new Blob(parts), signal: request.signal ?? null });
    return { status: response.status, header: response.headers, body: read(response.body), trailer: new Headers() };
  };
}

async function* read(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) yield part.value;
}
