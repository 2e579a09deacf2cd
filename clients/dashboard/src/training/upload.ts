import { type MessageInitShape } from "@bufbuild/protobuf";
import { byContent, byDigest, bytesOf } from "../api/images";
import { clients } from "../api/clients";
import { type LabelledFile } from "../files/labelledFiles";
import { ErrorReason } from "../gen/taskres/v1/errors_pb";
import { type AddExamplesRequestSchema, type AddExamplesResponse } from "../gen/taskres/v1/trainer_pb";

// One call is one body, held in memory; an image takes the encoder some milliseconds a view.
const mostImages = 24;
const mostBytes = 12 << 20;
const deadlineMs = 300_000;

export interface UploadOutcome {
  added: number;
  unchanged: number;
  replaced: number;
  failed: { file: string; message: string }[];
}

export interface UploadPlan {
  task: string;
  files: readonly LabelledFile[];
  /** Augmented views beside the evaluation crop. */
  views: number;
  onProgress: (done: number) => void;
  signal: AbortSignal;
}

/** Adds images to a task, a batch at a time: what was added stays when a later batch fails. */
export async function upload({ task, files, views, onProgress, signal }: UploadPlan): Promise<UploadOutcome> {
  const outcome: UploadOutcome = { added: 0, unchanged: 0, replaced: 0, failed: [] };
  let done = 0;
  for (const batch of batches(files)) {
    const contents = await Promise.all(batch.map(({ file }) => bytesOf(file)));
    const digests = await Promise.all(contents.map(byDigest));
    const send = (indices: number[], image: (index: number) => ReturnType<typeof byContent>) =>
      clients().trainer.addExamples(messages(task, views, batch, indices, image), { signal, timeoutMs: deadlineMs });

    let pending = batch.map((_, index) => index);
    if (digests.every((digest) => digest !== null)) {
      const response = await send(pending, (index) => digests[index]!);
      pending = count(response, outcome, batch);
    }
    if (pending.length > 0) count(await send(pending, (index) => byContent(contents[index]!)), outcome, batch);
    done += batch.length;
    onProgress(done);
  }
  return outcome;
}

function* batches(files: readonly LabelledFile[]): Generator<LabelledFile[]> {
  let batch: LabelledFile[] = [];
  let bytes = 0;
  for (const labelled of files) {
    if (batch.length === mostImages || (batch.length > 0 && bytes + labelled.file.size > mostBytes)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(labelled);
    bytes += labelled.file.size;
  }
  if (batch.length > 0) yield batch;
}

async function* messages(
  task: string,
  views: number,
  batch: LabelledFile[],
  indices: number[],
  image: (index: number) => ReturnType<typeof byContent>,
): AsyncGenerator<MessageInitShape<typeof AddExamplesRequestSchema>> {
  yield { part: { case: "header", value: { task, views } } };
  for (const index of indices)
    yield { part: { case: "example", value: { sequence: BigInt(index), image: image(index), className: batch[index]!.label } } };
}

/** Adds an answer to the outcome, and gives those whose bytes are asked for. */
function count(response: AddExamplesResponse, outcome: UploadOutcome, batch: LabelledFile[]): number[] {
  outcome.added += response.added;
  outcome.unchanged += response.unchanged;
  outcome.replaced += response.replaced;
  const wanted: number[] = [];
  for (const { sequence, error } of response.errors) {
    if (error?.reason === ErrorReason.IMAGE_BYTES_REQUIRED) wanted.push(Number(sequence));
    else outcome.failed.push({ file: batch[Number(sequence)]!.file.name, message: error?.message ?? "" });
  }
  return wanted;
}
