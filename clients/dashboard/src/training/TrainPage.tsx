import { useRef, useState } from "preact/hooks";
import { clients } from "../api/clients";
import { lastPart, taskName } from "../api/names";
import { session } from "../api/session";
import { useAction } from "../app/useAction";
import { useResource } from "../app/useResource";
import { HeldBackCard } from "../classes/HeldBackCard";
import { holdBack } from "../files/holdBack";
import { classesOf, fromChosen, fromDropped, type LabelledFile, type LabelledSet } from "../files/labelledFiles";
import { BaseKind } from "../gen/taskres/v1/trainer_pb";
import { createTask, idHint, idPattern, linesOf } from "../tasks/TaskCreation";
import { readAll } from "../tasks/TasksPage";
import { DropZone } from "../ui/DropZone";
import { Field } from "../ui/Field";
import { plural } from "../ui/format";
import { Card, ErrorNote, PageHead, Progress } from "../ui/parts";
import { FolderTable } from "./FolderTable";
import { JobActions } from "./JobActions";
import { JobView } from "./JobView";
import { SettingsFields, startJob, usualChoices } from "./settings";
import { upload, type UploadOutcome } from "./upload";
import { useJob } from "./useJob";

const newTask = "";

/** From folders of images to a served classifier, all in the browser. */
export function TrainPage({ chosen }: { chosen: string }) {
  const { tenant, reads } = session.current!;
  const tasks = useResource(async (signal) => (reads ? (await readAll(tenant, signal)).map(({ name }) => lastPart(name)) : []), [tenant]);
  const [existing, setExisting] = useState(chosen);
  const [newId, setNewId] = useState("");
  const [templates, setTemplates] = useState("a photo of a {}.");
  const [images, setImages] = useState<LabelledSet>({ files: [], ignored: 0 });
  const [share, setShare] = useState(0.2);
  const [views, setViews] = useState(4);
  const [choices, setChoices] = useState(usualChoices);
  const [sent, setSent] = useState<{ done: number; of: number } | null>(null);
  const [outcome, setOutcome] = useState<UploadOutcome | null>(null);
  const [job, setJob] = useState<string | null>(null);
  const aborter = useRef<AbortController | null>(null);

  const id = existing || newId;
  const known = useResource(
    async (signal) => (existing ? (await clients().trainer.getTask({ name: taskName(tenant, existing) }, { signal })).task!.classNames : null),
    [tenant, existing],
  );
  const classes = classesOf(images.files);
  const strangers = known.data ? classes.filter((label) => !known.data!.includes(label)) : [];
  const { train, test } = holdBack(images.files, share);

  const start = useAction(async () => {
    setJob(null);
    setOutcome(null);
    aborter.current = new AbortController();
    const task = taskName(tenant, id);
    if (!existing) {
      await createTask(tenant, id, { classNames: classes, templates: linesOf(templates), baseKind: BaseKind.PROMPTS });
      // From here on the task is there, and a second attempt adds to it.
      setExisting(id);
      tasks.reload();
    }
    setSent({ done: 0, of: train.length });
    setOutcome(await upload({ task, files: train, views, signal: aborter.current.signal, onProgress: (done) => setSent({ done, of: train.length }) }));
    setJob(await startJob(task, choices));
  });

  const submit = (event: Event) => {
    event.preventDefault();
    void start.run();
  };
  const add = (found: LabelledSet) => setImages((before) => merge(before, found));
  const options = [...new Set([...(tasks.data ?? []), ...(existing ? [existing] : [])])];
  const ready = id !== "" && train.length > 0 && strangers.length === 0 && (!!existing || classes.length >= 2);

  return (
    <>
      <PageHead title="Train from images" about="Drop a folder of class folders. Images are embedded by the server and not kept." />
      <form class="grid" onSubmit={submit}>
        <Card title="Task">
          <Field label="Which task">
            <select value={existing} disabled={start.busy} onChange={(event) => setExisting(event.currentTarget.value)}>
              <option value={newTask}>a new one</option>
              {options.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </Field>
          {!existing && (
            <>
              <Field label="Its id" hint={idHint}>
                <input required pattern={idPattern} autocomplete="off" value={newId} onInput={(event) => setNewId(event.currentTarget.value)} />
              </Field>
              <Field label="Prompts" hint="One a line, with {} for the class name.">
                <textarea rows={2} value={templates} onInput={(event) => setTemplates(event.currentTarget.value)} />
              </Field>
            </>
          )}
          <ErrorNote error={tasks.error ?? known.error} />
        </Card>

        <Card title="Training">
          <div class="row">
            <Field label="Hold back" hint={test.length > 0 ? `${plural(test.length, "image")} to test with` : "none to test with"}>
              <select value={String(share)} onChange={(event) => setShare(Number(event.currentTarget.value))}>
                <option value="0">nothing</option>
                <option value="0.2">a fifth</option>
                <option value="0.34">a third</option>
                <option value="0.5">a half</option>
              </select>
            </Field>
            <Field label="Views" hint="Random crops of each image.">
              <input type="number" min="0" max="32" required value={views} onInput={(event) => setViews(event.currentTarget.valueAsNumber || 0)} />
            </Field>
          </div>
          <SettingsFields choices={choices} onChange={setChoices} />
        </Card>

        <Card
          wide
          title="Images"
          about={images.files.length > 0 ? summary(images) : undefined}
          actions={
            images.files.length > 0 && (
              <button type="button" disabled={start.busy} onClick={() => setImages({ files: [], ignored: 0 })}>
                Start over
              </button>
            )
          }
        >
          <DropZone
            folders
            label="Drop folders here, or choose one"
            hint="animals/cat/1.jpg is an image of the class “cat”. JPEG, PNG, WebP, GIF or BMP."
            disabled={start.busy}
            onFiles={(files) => add(fromChosen(files))}
            onDrop={async (transfer) => add(await fromDropped(transfer))}
          />
          {images.files.length > 0 && <FolderTable files={images.files} known={known.data ?? null} />}
        </Card>

        <Card wide>
          <ErrorNote error={start.error} />
          <Upload sent={sent} outcome={outcome} />
          <div class="actions">
            <button class="primary" disabled={!ready || start.busy}>
              {start.busy ? "Sending…" : "Train"}
            </button>
            {start.busy && (
              <button type="button" onClick={() => aborter.current?.abort()}>
                Stop sending
              </button>
            )}
            <p class="muted small">{lacking({ id, train, strangers, classes, existing })}</p>
          </div>
        </Card>
      </form>
      {job && <Trained key={job} job={job} id={id} test={test} />}
    </>
  );
}

function Trained({ job, id, test }: { job: string; id: string; test: LabelledFile[] }) {
  const watched = useJob(job);
  return (
    <div class="grid after">
      <JobView watched={watched} />
      {watched.job && <JobActions job={watched.job} task={taskName(session.current!.tenant, id)} id={id} />}
      {watched.job?.revision && test.length > 0 && <HeldBackCard revision={watched.job.revision} files={test} />}
    </div>
  );
}

function Upload({ sent, outcome }: { sent: { done: number; of: number } | null; outcome: UploadOutcome | null }) {
  if (!sent) return null;
  return (
    <>
      <Progress label="Images sent and embedded" done={sent.done} of={sent.of} />
      {outcome && (
        <p class="muted small">
          {plural(outcome.added, "image")} added, {outcome.unchanged} known already{outcome.replaced > 0 && `, ${outcome.replaced} replaced`}.
        </p>
      )}
      {outcome && outcome.failed.length > 0 && (
        <details class="note warn">
          <summary>{plural(outcome.failed.length, "image")} could not be taken</summary>
          <ul>
            {outcome.failed.map(({ file, message }) => (
              <li key={file}>
                {file}: {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function merge(before: LabelledSet, found: LabelledSet): LabelledSet {
  const key = ({ file, label }: LabelledFile) => `${label}/${file.name}/${file.size}/${file.lastModified}`;
  const known = new Set(before.files.map(key));
  return { files: [...before.files, ...found.files.filter((file) => !known.has(key(file)))], ignored: before.ignored + found.ignored };
}

const summary = ({ files, ignored }: LabelledSet) =>
  `${plural(files.length, "image")} of ${plural(classesOf(files).length, "class", "classes")}${ignored > 0 ? `; ${plural(ignored, "file")} passed over` : ""}`;

function lacking({ id, train, strangers, classes, existing }: { id: string; train: LabelledFile[]; strangers: string[]; classes: string[]; existing: string }) {
  if (train.length === 0) return "Images are still to come.";
  if (strangers.length > 0) return `${existing} has no class ${strangers.map((label) => `“${label}”`).join(", ")}: a task's classes are fixed when it is made.`;
  if (!existing && classes.length < 2) return "A task has two classes at the least.";
  if (id === "") return "The new task needs an id.";
  return `${plural(train.length, "image")} to train on.`;
}
