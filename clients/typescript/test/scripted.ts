// A real server on loopback whose services do what a test says, faults included.
import { createServer, type Http2Server } from "node:http2";
import { createServer as createHttpServer, type Server } from "node:http";
import { type AddressInfo, type Socket } from "node:net";
import { type ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";

export interface ScriptedServer {
  readonly address: string;
  /** Cuts what is under way; done when nobody listens any more. */
  close(): Promise<void>;
}

/** gRPC over HTTP/2. */
export function grpcServer(routes: (router: ConnectRouter) => void, port = 0): Promise<ScriptedServer> {
  return listen(createServer({}, connectNodeAdapter({ routes })), port);
}

/** gRPC-Web over HTTP/1.1. */
export function webServer(routes: (router: ConnectRouter) => void): Promise<ScriptedServer> {
  return listen(createHttpServer(connectNodeAdapter({ routes })), 0);
}

function listen(server: Http2Server | Server, port: number): Promise<ScriptedServer> {
  const connections = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of connections) socket.destroy();
    });
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => resolve({ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }));
  });
}
