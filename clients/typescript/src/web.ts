import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { authorization, ClientBase } from "./client.js";
import { settingsOf, type TaskResClientOptions as CommonOptions } from "./options.js";
import { withUploads } from "./calls/webUploads.js";

export * from "./common.js";

/** How a client in a browser reaches its server and for whom it speaks. */
export interface TaskResClientOptions extends CommonOptions {
  /** Carries the calls; the platform's own where unset. */
  fetch?: typeof globalThis.fetch;
}

/**
 * A client in a browser: gRPC-Web over fetch. What fetch cannot do is done otherwise: an upload is sent when its messages are
 * there, and an item of a stream is a call of its own. The address is that of the page unless given.
 */
export class TaskResClient extends ClientBase {
  /** @throws RangeError where an option is out of its bounds. */
  constructor({ fetch = globalThis.fetch, ...options }: TaskResClientOptions = {}) {
    const settings = settingsOf(options, (globalThis as { location?: Location }).location?.origin ?? "http://127.0.0.1:5101");
    const interceptors = authorization(settings);
    const transport = createGrpcWebTransport({ baseUrl: settings.address, fetch, interceptors });
    super(settings, { transport: withUploads(transport, settings.address, fetch, interceptors), duplex: false });
  }

  /** Does nothing: connections are the browser's. It is there so that the same code runs in Node. */
  close(): void {}
}
