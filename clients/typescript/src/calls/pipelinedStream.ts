import { type CallOptions, Code } from "@connectrpc/connect";
import { TaskResError } from "../errors.js";
import { Attempts, STREAM_WAITS } from "./attempts.js";
import { type RpcCaller } from "./caller.js";
import { Mailbox } from "./mailbox.js";
import { Slots } from "./slots.js";

/** The messages of a stream of items. */
export interface ItemMessages<Item, Request, Response> {
  /** The first message of an item, under its sequence number. */
  first(sequence: bigint, item: Item): Promise<Request>;
  /** What an answer asks to be sent for its item; undefined where it is the item's final answer. */
  followUp(response: Response, item: Item): Request | undefined;
  open(requests: AsyncIterable<Request>, options: CallOptions): AsyncIterable<Response>;
}

/**
 * A bidirectional stream on which items wait for answers that come in any order; at most `maxInFlight` of them are under way. A
 * stream that breaks because the server went away is opened again, and what was not answered is sent again. For one run.
 */
export class PipelinedStream<Item, Request, Response extends { sequence: bigint }> {
  readonly #inFlight = new Map<bigint, { item: Item; first: Request }>();
  readonly #stop = new AbortController();
  readonly #slots: Slots;
  #outbox = new Mailbox<Request>();
  #sourceEnded = false;
  #sourceFailure: { error: unknown } | undefined;

  constructor(
    private readonly rpc: RpcCaller,
    private readonly messages: ItemMessages<Item, Request, Response>,
  ) {
    this.#slots = new Slots(rpc.settings.maxInFlight);
  }

  async *run(items: AsyncIterable<Item> | Iterable<Item>, signal?: AbortSignal): AsyncGenerator<Response, void, undefined> {
    signal?.throwIfAborted();
    const abort = () => this.#stop.abort(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    const attempts = new Attempts(this.rpc.settings, STREAM_WAITS, this.#stop.signal);
    void this.#fill(items);
    try {
      while (this.#isOpen) {
        const call = new AbortController();
        const ended = AbortSignal.any([this.#stop.signal, call.signal]);
        try {
          for await (const response of this.messages.open(this.#outbox.read(), { signal: ended })) {
            attempts.succeeded();
            if (this.#isFinal(response)) yield response;
          }
          if (this.#isOpen) throw this.#unanswered();
        } catch (thrown) {
          if (this.#sourceFailure) throw this.#sourceFailure.error;
          const error = this.rpc.translate(thrown, this.#stop.signal);
          if (!(error instanceof TaskResError)) throw error;
          await attempts.after(error);
        } finally {
          call.abort();
        }
        this.#sendAgain();
      }
      if (this.#sourceFailure) throw this.#sourceFailure.error;
    } finally {
      signal?.removeEventListener("abort", abort);
      this.#stop.abort();
      this.#outbox.close();
      // The source may wait for a slot: it looks at the signal before it reads on.
      this.#slots.release();
    }
  }

  get #isOpen(): boolean {
    return !this.#sourceEnded || this.#inFlight.size > 0;
  }

  #isFinal(response: Response): boolean {
    const entry = this.#inFlight.get(response.sequence);
    if (!entry) return false;
    const more = this.messages.followUp(response, entry.item);
    if (more !== undefined) {
      this.#outbox.put(more);
      return false;
    }
    this.#inFlight.delete(response.sequence);
    this.#slots.release();
    this.#closeIfDone();
    return true;
  }

  // The answers that were under way on the broken call are lost.
  #sendAgain(): void {
    this.#outbox.close();
    this.#outbox = new Mailbox();
    for (const { first } of this.#inFlight.values()) this.#outbox.put(first);
    this.#closeIfDone();
  }

  async #fill(items: AsyncIterable<Item> | Iterable<Item>): Promise<void> {
    try {
      let sequence = 0n;
      for await (const item of items) {
        await this.#slots.take();
        if (this.#stop.signal.aborted) return;
        const first = await this.messages.first(sequence, item);
        this.#inFlight.set(sequence, { item, first });
        this.#outbox.put(first);
        sequence++;
      }
      this.#sourceEnded = true;
      this.#closeIfDone();
    } catch (error) {
      // The caller's own source failed: the call is stopped for it, and that failure is the one to tell.
      this.#sourceFailure = { error };
      this.#stop.abort(error);
    }
  }

  #closeIfDone(): void {
    if (!this.#isOpen) this.#outbox.close();
  }

  #unanswered(): TaskResError {
    return new TaskResError(`The server ended the stream with ${this.#inFlight.size} items unanswered. Send them again.`, { code: Code.Unavailable });
  }
}
