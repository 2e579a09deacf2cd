import { Code, ConnectError } from "@connectrpc/connect";
import { useEffect, useState } from "preact/hooks";
import { clients } from "../api/clients";
import { endSessionIfRefused, isAbort } from "../api/errors";
import { type Job, JobState } from "../gen/taskres/v1/trainer_pb";

const watchDeadlineMs = 600_000;
const pauseMs = 1000;
const mostAttempts = 10;

export interface WatchedJob {
  job: Job | null;
  error: unknown;
}

export const isFinal = (job: Job | null) => !!job && [JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED].includes(job.state);

/** Watches a job to its end; a watch that breaks is taken up again. */
export function useJob(name: string): WatchedJob {
  const [watched, setWatched] = useState<WatchedJob>({ job: null, error: null });
  useEffect(() => {
    const controller = new AbortController();
    void watch(name, controller.signal, (change) => setWatched((before) => ({ ...before, ...change })));
    return () => controller.abort();
  }, [name]);
  return watched;
}

async function watch(name: string, signal: AbortSignal, update: (change: Partial<WatchedJob>) => void) {
  let attempts = 0;
  let ended = false;
  while (!ended && !signal.aborted) {
    try {
      for await (const { job } of clients().trainer.watchJob({ name }, { signal, timeoutMs: watchDeadlineMs })) {
        attempts = 0;
        ended = isFinal(job!);
        update({ job: job!, error: null });
      }
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      endSessionIfRefused(error);
      if (++attempts > mostAttempts || !mayPass(error)) return update({ error });
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

const mayPass = (error: unknown) =>
  !(error instanceof ConnectError) || [Code.Unavailable, Code.DeadlineExceeded, Code.Unknown].includes(error.code);
