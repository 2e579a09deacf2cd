import { useEffect, useRef, useState } from "preact/hooks";
import { bytesOf } from "../api/images";
import { lastPart, taskName } from "../api/names";
import { session } from "../api/session";
import { go } from "../app/router";
import { useAction } from "../app/useAction";
import { useResource } from "../app/useResource";
import { readAll } from "../tasks/TasksPage";
import { DropZone } from "../ui/DropZone";
import { Field } from "../ui/Field";
import { Card, Empty, ErrorNote, PageHead } from "../ui/parts";
import { AnswerCard, ServiceCard } from "./AnswerCard";
import { type Answer, ask } from "./answer";
import { Photograph } from "./Photograph";

/** One image, one task: what it is taken for, and what it would be taken for without the residual. */
export function TryPage({ chosen }: { chosen: string }) {
  const { tenant, reads } = session.current!;
  const tasks = useResource(async (signal) => (reads ? (await readAll(tenant, signal)).map(({ name }) => lastPart(name)) : []), [tenant]);
  const task = chosen || tasks.data?.[0] || "";
  const [image, setImage] = useState<{ file: File; url: string } | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const aborter = useRef<AbortController | null>(null);
  const asked = useAction(async (file: File, id: string) => {
    aborter.current?.abort();
    aborter.current = new AbortController();
    setAnswer(null);
    setAnswer(await ask(tenant, taskName(tenant, id), await bytesOf(file), aborter.current.signal));
  });

  const take = (file: File | undefined) => {
    if (!file) return;
    setImage((before) => {
      if (before) URL.revokeObjectURL(before.url);
      return { file, url: URL.createObjectURL(file) };
    });
    if (task) void asked.run(file, task);
  };
  const takeLatest = useRef(take);
  takeLatest.current = take;
  useEffect(() => {
    const paste = (event: ClipboardEvent) => takeLatest.current([...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/")));
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, []);
  useEffect(() => () => aborter.current?.abort(), []);

  const choose = (id: string) => {
    go(`/try?task=${encodeURIComponent(id)}`, { replace: true });
    if (image && id) void asked.run(image.file, id);
  };
  return (
    <>
      <PageHead title="Try it" about="What a task's live revision makes of an image, beside what the names alone would." />
      <ErrorNote error={tasks.error} retry={tasks.reload} />
      <div class="grid">
        <Card title="Image">
          <Field label="Task">
            {reads ? (
              <select value={task} onChange={(event) => choose(event.currentTarget.value)}>
                {!task && <option value="">none yet</option>}
                {[...new Set([...(tasks.data ?? []), ...(chosen ? [chosen] : [])])].map((id) => (
                  <option key={id}>{id}</option>
                ))}
              </select>
            ) : (
              <input value={task} placeholder="the task's id" onChange={(event) => choose(event.currentTarget.value)} />
            )}
          </Field>
          <DropZone
            label={image ? "Drop, paste or choose another" : "Drop, paste or choose an image"}
            hint="Sent to the server, embedded, and not kept."
            onFiles={(files) => take(files[0])}
            onDrop={(transfer) => take(transfer.files[0])}
          />
          <Photograph onPhoto={take} />
          {image && <img key={image.url} class="preview" src={image.url} onError={(event) => (event.currentTarget.hidden = true)} alt={`The image ${image.file.name}`} />}
        </Card>
        {asked.error ? (
          <Card title="Answer">
            <ErrorNote error={asked.error} retry={image ? () => asked.run(image.file, task) : undefined} />
          </Card>
        ) : answer ? (
          <>
            <AnswerCard answer={answer} />
            <ServiceCard answer={answer} />
          </>
        ) : (
          <Card title="Answer">
            <Empty title={asked.busy ? "Asking…" : !task && !tasks.loading ? "There is no task to ask" : "No image yet"}>
              {!task && !tasks.loading && <a href="/train">Make one from images</a>}
            </Empty>
          </Card>
        )}
      </div>
    </>
  );
}
