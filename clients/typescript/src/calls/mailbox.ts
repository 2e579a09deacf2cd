/** A queue with one reader. Its writers bound it: an item under way has at most one message here. */
export class Mailbox<T> {
  #messages: T[] = [];
  #closed = false;
  #wake: (() => void) | undefined;

  put(message: T): void {
    this.#messages.push(message);
    this.#wake?.();
  }

  /** No more comes; what is there is still read. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async *read(): AsyncGenerator<T, void, undefined> {
    for (;;) {
      for (let message = this.#messages.shift(); message !== undefined; message = this.#messages.shift()) yield message;
      if (this.#closed) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
