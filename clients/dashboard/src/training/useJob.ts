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
  /** Epochs and the losses after them, as far as they were seen. */
  epochs: number[];
  losses: number[];
  error: unknown;
}

export const isFinal = (job: Job | null) => !!job && [JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED].includes(job.state);

/** Watches a job to its end; a watch that breaks is taken up again. */
export function useJob(name: string): WatchedJob {
  const [watched, setWatched] = useState<WatchedJob>({ job: null, epochs: [], losses: [], error: null });
  useEffect(() => {
    const controller = new AbortController();
    void watch(name, controller.signal, (change) => setWatched((before) => ({ ...before, ...change(before) })));
    return () => controller.abort();
  }, [name]);
  return watched;
}

async function watch(name: string, signal: AbortSignal, update: (change: (before: WatchedJob) => Partial<WatchedJob>) => void) {
  let attempts = 0;
  let ended = false;
  while (!ended && !signal.aborted) {
    try {
      for await (const { job } of clients().trainer.watchJob({ name }, { signal, timeoutMs: watchDeadlineMs })) {
        attempts = 0;
        ended = isFinal(job!);
        update((before) => ({ job: job!, error: null, ...grown(before, job!) }));
      }
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      endSessionIfRefused(error);
      if (++attempts > mostAttempts || !mayPass(error)) return update(() => ({ error }));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

function grown({ epochs, losses }: WatchedJob, job: Job): Partial<WatchedJob> {
  const progress = job.progress;
  if (!progress || progress.epoch === 0 || progress.epoch === epochs.at(-1)) return {};
  // A job that was taken up by another trainer begins anew.
  const from = progress.epoch < (epochs.at(-1) ?? 0) ? 0 : epochs.length;
  return { epochs: [...epochs.slice(0, from), progress.epoch], losses: [...losses.slice(0, from), progress.loss] };
}

const mayPass = (error: unknown) =>
  !(error instanceof ConnectError) || [Code.Unavailable, Code.DeadlineExceeded, Code.Unknown].includes(error.code);
