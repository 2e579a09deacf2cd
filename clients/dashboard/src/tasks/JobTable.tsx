import { lastPart, shortId } from "../api/names";
import { type Job } from "../gen/taskres/v1/trainer_pb";
import { StateBadge } from "../training/JobView";
import { jobPath } from "../training/settings";
import { Card, Empty } from "../ui/parts";
import { type Column, Moment, Table } from "../ui/Table";

export const jobsShown = 10;

const columns: Column<Job>[] = [
  { title: "Job", cell: (job) => <a href={jobPath(job.name)}>{lastPart(job.name).slice(0, 8)}</a> },
  { title: "State", cell: (job) => <StateBadge state={job.state} /> },
  { title: "Epochs", class: "num", cell: ({ progress }) => (progress ? `${progress.epoch} of ${progress.epochs}` : "–") },
  { title: "Revision", class: "spare", cell: ({ revision }) => (revision ? <code>{shortId(revision)}</code> : "–") },
  { title: "Queued", class: "spare", cell: (job) => <Moment of={job.createTime} /> },
];

export function JobTable({ jobs, more }: { jobs: Job[]; more: boolean }) {
  return (
    <Card wide title="Jobs" about="The trainings of the task; the newest first.">
      {jobs.length > 0 ? <Table rows={jobs} columns={columns} /> : <Empty title="Nothing was trained yet" />}
      {more && <p class="muted small">The {jobsShown} newest are shown.</p>}
    </Card>
  );
}
