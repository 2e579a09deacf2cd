import { useCallback, useState } from "preact/hooks";
import { endSessionIfRefused, isAbort } from "../api/errors";

export interface Action<A extends unknown[]> {
  run(...args: A): Promise<boolean>;
  busy: boolean;
  error: unknown;
  clear(): void;
}

/** Something that the reader sets going: one at a time, with its error kept until the next. */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<unknown>): Action<A> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (...args: A) => {
    setBusy(true);
    setError(null);
    try {
      await act(...args);
      return true;
    } catch (failure) {
      endSessionIfRefused(failure);
      if (!isAbort(failure)) setError(failure);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { run, busy, error, clear: useCallback(() => setError(null), []) };
}
