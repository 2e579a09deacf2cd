import { jobName, taskName } from "../api/names";
import { session } from "../api/session";
import { pathTo } from "../app/router";
import { PageHead } from "../ui/parts";
import { JobActions } from "./JobActions";
import { JobView } from "./JobView";
import { useJob } from "./useJob";

export function JobPage({ task: id, job }: { task: string; job: string }) {
  const { tenant } = session.current!;
  const watched = useJob(jobName(tenant, id, job));
  return (
    <>
      <PageHead title={`Training of ${id}`} back={{ href: pathTo("tasks", id), text: id }} />
      <div class="grid">
        <JobView watched={watched} />
        {watched.job && <JobActions job={watched.job} task={taskName(tenant, id)} id={id} />}
      </div>
    </>
  );
}
