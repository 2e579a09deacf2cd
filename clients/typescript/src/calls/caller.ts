import { type CallOptions } from "@connectrpc/connect";
import { TaskResError } from "../errors.js";
import { type Settings } from "../options.js";
import { Attempts, CALL_WAITS } from "./attempts.js";
import { decodeError } from "./decodeError.js";

/** What all calls share: deadline, retries, names, and the errors that callers see. */
export class RpcCaller {
  constructor(
    readonly settings: Settings,
    /** Whether both sides of a stream can talk at the same time; not over gRPC-Web. */
    readonly duplex: boolean,
  ) {}

  /** A task's full name; an id alone means a task of the client's tenant. */
  taskName(task: string): string {
    return task.includes("/") ? task : `${this.settings.tenantName}/tasks/${task}`;
  }

  async unary<I, O>(method: (request: I, options: CallOptions) => Promise<O>, request: I, signal?: AbortSignal): Promise<O> {
    const deadline = performance.now() + this.settings.timeoutMs;
    return this.#repeat(deadline, signal, () => method(request, { ...withSignal(signal), timeoutMs: Math.max(1, Math.ceil(deadline - performance.now())) }));
  }

  /** A call that must not be made again: its answer is kept nowhere, so that a repetition would be another change. */
  async unaryOnce<I, O>(method: (request: I, options: CallOptions) => Promise<O>, request: I, signal?: AbortSignal): Promise<O> {
    signal?.throwIfAborted();
    try {
      return await method(request, { ...withSignal(signal), timeoutMs: this.settings.timeoutMs });
    } catch (thrown) {
      throw this.translate(thrown, signal);
    }
  }

  /** An upload that may be made again from its start: what it sends is at hand, and to send it twice changes nothing. */
  upload<O>(call: (options: CallOptions) => Promise<O>, signal?: AbortSignal): Promise<O> {
    return this.#repeat(Infinity, signal, () => call(withSignal(signal)));
  }

  /** An upload whose source can be read once. */
  async uploadOnce<I, O>(method: (requests: AsyncIterable<I>, options: CallOptions) => Promise<O>, requests: AsyncIterable<I>, signal?: AbortSignal): Promise<O> {
    let failure: { error: unknown } | undefined;
    try {
      return await method(source(), withSignal(signal));
    } catch (thrown) {
      // Where the source failed, the call was ended for it: that failure is the one to tell.
      throw failure ? failure.error : this.translate(thrown, signal);
    }

    async function* source(): AsyncGenerator<I, void, undefined> {
      try {
        yield* requests;
      } catch (error) {
        failure = { error };
        throw error;
      }
    }
  }

  /** A stream of answers, opened again where it breaks before the first. */
  async *download<O>(open: (options: CallOptions) => AsyncIterable<O>, signal?: AbortSignal): AsyncGenerator<O, void, undefined> {
    const attempts = new Attempts(this.settings, CALL_WAITS, signal);
    for (let begun = false; ; ) {
      try {
        for await (const message of open(withSignal(signal))) {
          begun = true;
          yield message;
        }
        return;
      } catch (thrown) {
        const error = this.translate(thrown, signal);
        if (begun || !(error instanceof TaskResError)) throw error;
        await attempts.after(error);
      }
    }
  }

  /** The SDK's error; the signal's reason where it was aborted. */
  translate(thrown: unknown, signal?: AbortSignal): unknown {
    return signal?.aborted ? signal.reason : decodeError(thrown, this.settings.address);
  }

  async #repeat<O>(deadline: number, signal: AbortSignal | undefined, call: () => Promise<O>): Promise<O> {
    signal?.throwIfAborted();
    const attempts = new Attempts(this.settings, CALL_WAITS, signal, deadline);
    for (;;) {
      try {
        return await call();
      } catch (thrown) {
        const error = this.translate(thrown, signal);
        if (!(error instanceof TaskResError)) throw error;
        await attempts.after(error);
      }
    }
  }
}

export function withSignal(signal: AbortSignal | undefined): CallOptions {
  return signal ? { signal } : {};
}
