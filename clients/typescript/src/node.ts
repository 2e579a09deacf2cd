import { readFileSync } from "node:fs";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { authorization, ClientBase } from "./client.js";
import { settingsOf, type TaskResClientOptions as CommonOptions } from "./options.js";

export * from "./common.js";

const USUAL_ADDRESS = "http://127.0.0.1:5100";
const MAX_MESSAGE_BYTES = 64 << 20;

/** How a client in Node reaches its server and for whom it speaks. */
export interface TaskResClientOptions extends CommonOptions {
  /** The authority of the server's certificate, a PEM file, where it is none that Node trusts by itself. */
  caPath?: string;
}

/** A client in Node: gRPC over one HTTP/2 connection. */
export class TaskResClient extends ClientBase {
  readonly #session: Http2SessionManager;

  /** @throws RangeError where an option is out of its bounds. */
  constructor({ caPath, ...options }: TaskResClientOptions = {}) {
    const settings = settingsOf(options, USUAL_ADDRESS);
    const session = new Http2SessionManager(settings.address, { pingIntervalMs: 30_000, pingTimeoutMs: 10_000 }, caPath === undefined ? {} : { ca: readFileSync(caPath) });
    const transport = createGrpcTransport({
      baseUrl: settings.address,
      sessionManager: session,
      interceptors: authorization(settings),
      readMaxBytes: MAX_MESSAGE_BYTES,
      writeMaxBytes: MAX_MESSAGE_BYTES,
    });
    super(settings, { transport, duplex: true });
    this.#session = session;
  }

  /** Closes the connection; calls under way end as cancelled. */
  close(): void {
    this.#session.abort();
  }
}
