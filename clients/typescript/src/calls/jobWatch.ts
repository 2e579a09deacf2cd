import { type Client, Code } from "@connectrpc/connect";
import { equals } from "@bufbuild/protobuf";
import { TaskResError } from "../errors.js";
import { type Job, JobSchema, JobState, type TrainerService } from "../gen/taskres/v1/trainer_pb.js";
import { Attempts, STREAM_WAITS } from "./attempts.js";
import { type RpcCaller, withSignal } from "./caller.js";

/** A watch of a job that outlives its connection. */
export async function* watchJob(rpc: RpcCaller, trainer: Client<typeof TrainerService>, name: string, signal?: AbortSignal): AsyncGenerator<Job, void, undefined> {
  const attempts = new Attempts(rpc.settings, STREAM_WAITS, signal);
  let last: Job | undefined;
  while (!isFinal(last)) {
    try {
      for await (const { job } of trainer.watchJob({ name }, withSignal(signal))) {
        attempts.succeeded();
        // A watch taken up again begins with what the broken one may have said.
        if (!job || (last && equals(JobSchema, job, last))) continue;
        last = job;
        yield job;
      }
      if (!isFinal(last)) throw new TaskResError("The server ended the watch before the job's end. Watch it again.", { code: Code.Unavailable });
    } catch (thrown) {
      const error = rpc.translate(thrown, signal);
      if (!(error instanceof TaskResError)) throw error;
      await attempts.after(error);
    }
  }
}

function isFinal(job: Job | undefined): boolean {
  return job?.state === JobState.SUCCEEDED || job?.state === JobState.FAILED || job?.state === JobState.CANCELLED;
}
