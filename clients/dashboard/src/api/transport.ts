import { type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { bufferedCall } from "./bufferedCall";

const usualDeadlineMs = 30_000;

/**
 * gRPC-Web to the server that the page came from. A browser cannot stream a request's body: where a call streams to the
 * server, its messages are collected and sent as one body, which is the same to the server.
 */
export function createTransport(key: string): Transport {
  const authorize: Interceptor = (next) => (request) => {
    request.header.set("authorization", `Bearer ${key}`);
    return next(request);
  };
  const inner = createGrpcWebTransport({
    baseUrl: location.origin,
    interceptors: [authorize],
    defaultTimeoutMs: usualDeadlineMs,
  });
  return {
    unary: (...call) => inner.unary(...call),
    stream: (method, signal, timeoutMs, header, input, context) =>
      method.methodKind === "client_streaming"
        ? bufferedCall(method, { signal, timeoutMs: timeoutMs ?? usualDeadlineMs, header, key, input })
        : inner.stream(method, signal, timeoutMs, header, input, context),
  };
}
