import { useState } from "preact/hooks";
import { clients } from "../api/clients";
import { lastPart, shortId, taskName } from "../api/names";
import { session } from "../api/session";
import { go, pathTo } from "../app/router";
import { useResource } from "../app/useResource";
import { BaseKind, type GetTaskResponse, type Job, type Revision } from "../gen/taskres/v1/trainer_pb";
import { RetrainDialog } from "../training/RetrainDialog";
import { Confirm, type Question } from "../ui/Confirm";
import { ago, count, plural } from "../ui/format";
import { Bar, Card, ErrorNote, Loading, PageHead, Stat, Stats } from "../ui/parts";
import { tell } from "../ui/Toasts";
import { JobTable, jobsShown } from "./JobTable";
import { RevisionTable } from "./RevisionTable";
import { RolloutCard } from "./RolloutCard";

const refreshMs = 3000;
const mostClassesShown = 60;

export interface TaskState {
  response: GetTaskResponse;
  revisions: Revision[];
  more: boolean;
  jobs: Job[];
  moreJobs: boolean;
}

export function TaskPage({ task: id }: { task: string }) {
  const { tenant } = session.current!;
  const name = taskName(tenant, id);
  const [asked, setAsked] = useState<Question | null>(null);
  const [training, setTraining] = useState(false);
  const state = useResource((signal) => read(name, signal), [name], refreshMs);
  const { task, examplesPerClass } = state.data?.response ?? {};
  return (
    <>
      <PageHead title={id} back={{ href: "/tasks", text: "Tasks" }} about={task && about(state.data!)}>
        {task && (
          <>
            <a class="button" href={`/try?task=${id}`}>
              Try it
            </a>
            <a class="button" href={`${pathTo("tasks", id)}/classes`}>
              Classes
            </a>
            <button type="button" disabled={!task.exampleCount} title={task.exampleCount ? undefined : "It has no examples yet"} onClick={() => setTraining(true)}>
              Train again
            </button>
            <a class="button primary" href={`/train?task=${id}`}>
              Add images
            </a>
          </>
        )}
      </PageHead>
      <ErrorNote error={state.error} retry={state.reload} />
      {state.loading && <Loading lines={5} what="the task" />}
      {task && (
        <div class="grid">
          <Overview state={state.data!} />
          <Examples classNames={task.classNames} counts={examplesPerClass ?? []} />
          <RevisionTable state={state.data!} ask={setAsked} onChange={state.reload} />
          <JobTable jobs={state.data!.jobs} more={state.data!.moreJobs} />
          <RolloutCard state={state.data!} onChange={state.reload} />
          <Card title="Delete" about="The task goes with its examples and revisions.">
            <button type="button" class="danger" onClick={() => setAsked(deletion(name, id))}>
              Delete {id}…
            </button>
          </Card>
        </div>
      )}
      {asked && (
        <Confirm
          question={asked}
          onClose={() => {
            setAsked(null);
            state.reload();
          }}
        />
      )}
      {training && <RetrainDialog task={name} onClose={() => setTraining(false)} />}
    </>
  );
}

async function read(name: string, signal: AbortSignal): Promise<TaskState> {
  const [response, { revisions, nextPageToken }, { jobs, nextPageToken: moreJobs }] = await Promise.all([
    clients().trainer.getTask({ name }, { signal }),
    clients().trainer.listRevisions({ parent: name, pageSize: 50 }, { signal }),
    clients().trainer.listJobs({ parent: name, pageSize: jobsShown }, { signal }),
  ]);
  return { response, revisions, more: nextPageToken !== "", jobs, moreJobs: moreJobs !== "" };
}

function about({ response: { task } }: TaskState) {
  return (
    <>
      {plural(task!.classNames.length, "class", "classes")}, made {ago(task!.createTime)},{" "}
      {task!.baseKind === BaseKind.CLASS_MEAN ? "starting from the images' means" : <>prompts {task!.templates.length > 0 ? task!.templates.map((template) => `“${template}”`).join(" ") : "“a photo of a {}.”"}</>}
    </>
  );
}

function Overview({ state: { response, revisions } }: { state: TaskState }) {
  const task = response.task!;
  const live = revisions.find(({ live }) => live);
  return (
    <Card title="Live">
      <Stats>
        <Stat label="Serves" value={task.liveRevision ? <code>{shortId(task.liveRevision)}</code> : "nothing yet"} hint={live && (live.settings ? live.method : "zero-shot: the class names alone")} />
        {live?.settings && (
          <Stat label="On its own examples" value={`${live.supportAccuracy.toFixed(1)} %`} hint={`${live.baseSupportAccuracy.toFixed(1)} % before training`} />
        )}
        <Stat label="Examples" value={count(task.exampleCount)} />
        <Stat label="Encoder" value={<code title={task.encoderFingerprint}>{task.encoderFingerprint.slice(0, 10)}</code>} />
      </Stats>
    </Card>
  );
}

function Examples({ classNames, counts }: { classNames: string[]; counts: number[] }) {
  const most = Math.max(1, ...counts);
  return (
    <Card title="Examples by class">
      <ul class="bars" tabIndex={0} aria-label="Examples by class">
        {classNames.slice(0, mostClassesShown).map((name, k) => (
          <li key={name}>
            <span class="bar-name">{name}</span>
            <Bar share={(counts[k] ?? 0) / most} />
            <span class="num">{count(counts[k] ?? 0)}</span>
          </li>
        ))}
      </ul>
      {classNames.length > mostClassesShown && <p class="muted small">and {count(classNames.length - mostClassesShown)} more classes</p>}
    </Card>
  );
}

const deletion = (name: string, id: string): Question => ({
  title: `Delete ${id}?`,
  text: "Its examples, revisions and jobs are deleted, and it serves no more. There is no way back.",
  act: "Delete it",
  typed: lastPart(name),
  danger: true,
  run: async () => {
    await clients().trainer.deleteTask({ name });
    tell(`${id} is deleted.`);
    go("/tasks");
  },
});
