import { Code } from "@connectrpc/connect";
import { type TaskResError } from "../errors.js";
import { ErrorReason } from "../gen/taskres/v1/errors_pb.js";
import { type Settings } from "../options.js";
import { pause } from "./pause.js";

interface Waits {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Of calls that are made again as a whole. */
export const CALL_WAITS: Waits = { firstMs: 100, longestMs: 2_000 };

/** Of streams that are opened again. */
export const STREAM_WAITS: Waits = { firstMs: 400, longestMs: 5_000 };

/** Whether and when a call is made again: where the server is unavailable (AIP-194), and for nothing else. */
export class Attempts {
  #made = 0;
  #waits = 0;

  /** @param deadline By performance.now(). */
  constructor(
    private readonly settings: Settings,
    private readonly waits: Waits,
    private readonly signal: AbortSignal | undefined,
    private readonly deadline = Infinity,
  ) {}

  /** There was news: the count begins again. */
  succeeded(): void {
    this.#made = 0;
    this.#waits = 0;
  }

  /** Returns when the call may be made again; throws the error where it may not. */
  async after(error: TaskResError): Promise<void> {
    if (error.code !== Code.Unavailable) throw error;
    const notReady = error.reason === ErrorReason.UNSPECIFIED || error.retryAfterMs !== undefined;
    if (!(notReady && this.settings.waitForReady) && ++this.#made >= this.settings.maxAttempts) throw error;
    // Not all that were turned away together come back together.
    const backoff = Math.min(this.waits.longestMs, this.waits.firstMs * 2 ** this.#waits++) * (0.5 + Math.random() / 2);
    const wait = Math.max(backoff, error.retryAfterMs ?? 0);
    if (performance.now() + wait >= this.deadline) throw error;
    await pause(wait, this.signal);
  }
}
