import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { endSessionIfRefused, isAbort } from "../api/errors";

export interface Resource<T> {
  /** The last that was read; kept while it is read again, and where that fails. */
  data: T | null;
  error: unknown;
  loading: boolean;
  reload(): void;
}

/**
 * Reads something when the page opens, when one of the keys changes, and, where a period is given, again and again while the
 * page is looked at.
 */
export function useResource<T>(read: (signal: AbortSignal) => Promise<T>, keys: unknown[], everyMs?: number): Resource<T> {
  const [state, setState] = useState<{ data: T | null; error: unknown; loading: boolean }>({ data: null, error: null, loading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(read);
  latest.current = read;

  useEffect(() => setState({ data: null, error: null, loading: true }), keys);
  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async () => {
      try {
        const data = await latest.current(controller.signal);
        if (!controller.signal.aborted) setState({ data, error: null, loading: false });
      } catch (error) {
        if (controller.signal.aborted || isAbort(error)) return;
        endSessionIfRefused(error);
        setState((before) => ({ ...before, error, loading: false }));
      }
      if (everyMs && !controller.signal.aborted) timer = setTimeout(next, everyMs);
    };
    const next = () => {
      if (!document.hidden) return void run();
      document.addEventListener("visibilitychange", next, { once: true, signal: controller.signal });
    };
    void run();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [...keys, turn, everyMs]);

  return { ...state, reload: useCallback(() => setTurn((count) => count + 1), []) };
}
