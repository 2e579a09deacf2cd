import { clients } from "../api/clients";
import { pathTo } from "../app/router";
import { useAction } from "../app/useAction";
import { useResource } from "../app/useResource";
import { type Job, JobState } from "../gen/taskres/v1/trainer_pb";
import { newRequestId } from "../tasks/TaskCreation";
import { Card, ErrorNote } from "../ui/parts";
import { tell } from "../ui/Toasts";

/** What to do with a trained revision: promote it where it waits, roll back where it went live. */
export function JobActions({ job, task, id }: { job: Job; task: string; id: string }) {
  const state = useResource(async (signal) => (await clients().trainer.getTask({ name: task }, { signal })).task!, [task, job.revision]);
  const promote = useAction(async () => {
    await clients().trainer.promoteRevision({ name: job.revision, etag: state.data!.etag });
    tell("The new revision is live.");
    state.reload();
  });
  const rollBack = useAction(async () => {
    await clients().trainer.rollbackTask({ name: task, expectedLiveRevision: job.revision, requestId: newRequestId() });
    tell("The revision before is live again.");
    state.reload();
  });
  if (job.state !== JobState.SUCCEEDED) return null;
  const isLive = state.data?.liveRevision === job.revision;
  return (
    <Card title="What it serves" about={state.data && (isLive ? "The new revision is live." : "The new revision is kept, and not live.")}>
      <ErrorNote error={state.error ?? promote.error ?? rollBack.error} />
      <div class="actions">
        <button type="button" class={isLive ? undefined : "primary"} disabled={!state.data || isLive || promote.busy} onClick={() => promote.run()}>
          Promote
        </button>
        <button type="button" disabled={!isLive || rollBack.busy} onClick={() => rollBack.run()}>
          Roll back
        </button>
        <a class={isLive ? "button primary" : "button"} href={`/try?task=${id}`}>
          Try it
        </a>
        <a class="button" href={`${pathTo("tasks", id)}/classes`}>
          Classes
        </a>
        <a class="button" href={pathTo("tasks", id)}>
          Revisions
        </a>
      </div>
    </Card>
  );
}
