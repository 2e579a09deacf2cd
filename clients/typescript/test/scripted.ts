// A real server on loopback whose services do what a test says, faults included.
import { createServer, type Http2Server } from "node:http2";
import { createServer as createHttpServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { type ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";

export interface ScriptedServer {
  readonly address: string;
  close(): void;
}

/** gRPC over HTTP/2. */
export function grpcServer(routes: (router: ConnectRouter) => void): Promise<ScriptedServer> {
  return listen(createServer({}, connectNodeAdapter({ routes })));
}

/** gRPC-Web over HTTP/1.1. */
export function webServer(routes: (router: ConnectRouter) => void): Promise<ScriptedServer> {
  return listen(createHttpServer(connectNodeAdapter({ routes })));
}

function listen(server: Http2Server | Server): Promise<ScriptedServer> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ address: `http://127.0.0.1:${port}`, close: () => server.close() });
    });
  });
}
