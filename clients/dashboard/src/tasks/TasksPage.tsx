import { useState } from "preact/hooks";
import { clients } from "../api/clients";
import { hasReason } from "../api/errors";
import { lastPart, shortId, tenantName } from "../api/names";
import { session } from "../api/session";
import { go, pathTo } from "../app/router";
import { useResource } from "../app/useResource";
import { type Task } from "../gen/taskres/v1/trainer_pb";
import { Field } from "../ui/Field";
import { count } from "../ui/format";
import { Badge, Card, Empty, ErrorNote, Loading, PageHead } from "../ui/parts";
import { type Column, Moment, Table } from "../ui/Table";
import { TaskCreation } from "./TaskCreation";

const refreshMs = 5000;

export function TasksPage() {
  const { tenant } = session.current!;
  const [creating, setCreating] = useState(false);
  const tasks = useResource((signal) => readAll(tenant, signal), [tenant], refreshMs);
  const forSomeTasks = hasReason(tasks.error, "PERMISSION_DENIED");
  return (
    <>
      <PageHead title="Tasks" about={<>Classifiers of the tenant {tenant}, each on the same frozen encoder.</>}>
        <button type="button" onClick={() => setCreating(true)}>
          New task
        </button>
        <a class="button primary" href="/train">
          Train from images
        </a>
      </PageHead>
      {forSomeTasks ? <ById /> : <ErrorNote error={tasks.error} retry={tasks.reload} />}
      {tasks.loading && <Loading what="tasks" />}
      {tasks.data && (tasks.data.length > 0 ? <TaskTable tasks={tasks.data} /> : <NoTasks />)}
      {creating && <TaskCreation onClose={() => setCreating(false)} />}
    </>
  );
}

export async function readAll(tenant: string, signal?: AbortSignal): Promise<Task[]> {
  const all: Task[] = [];
  let pageToken = "";
  do {
    const page = await clients().trainer.listTasks({ parent: tenantName(tenant), pageSize: 500, pageToken }, { signal });
    all.push(...page.tasks);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return all;
}

const columns: Column<Task>[] = [
  { title: "Task", cell: (task) => <a href={pathTo("tasks", lastPart(task.name))}>{lastPart(task.name)}</a> },
  { title: "Serves", cell: (task) => (task.liveRevision ? <code>{shortId(task.liveRevision)}</code> : <Badge tone="warn">nothing yet</Badge>) },
  { title: "Examples", class: "num", cell: (task) => count(task.exampleCount) },
  {
    title: "On trial",
    class: "spare",
    cell: ({ rollout }) => (
      <>
        {rollout?.canaryRevision && <Badge tone="accent">canary {rollout.canaryPercent} %</Badge>} {rollout?.shadowRevision && <Badge tone="accent">shadow</Badge>}
      </>
    ),
  },
  { title: "Made", class: "spare", cell: (task) => <Moment of={task.createTime} /> },
];

function TaskTable({ tasks }: { tasks: Task[] }) {
  return (
    <Card>
      <Table rows={tasks} columns={columns} />
    </Card>
  );
}

function NoTasks() {
  return (
    <Card>
      <Empty title="No task yet">
        <p>
          A task starts from its class names alone, and learns from a few images of each. <a href="/train">Drop folders of images</a> to make and train one here.
        </p>
      </Empty>
    </Card>
  );
}

function ById() {
  const [id, setId] = useState("");
  const open = (event: Event) => {
    event.preventDefault();
    go(pathTo("tasks", id.trim()));
  };
  return (
    <Card title="Your key is for some tasks alone" about="It may not list them. Open one by its id.">
      <form class="row" onSubmit={open}>
        <Field label="Task">
          <input required value={id} onInput={(event) => setId(event.currentTarget.value)} />
        </Field>
        <button class="primary">Open</button>
      </form>
    </Card>
  );
}
