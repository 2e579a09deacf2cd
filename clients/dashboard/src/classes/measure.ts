import { byContent, byDigest, bytesOf, type WireImage } from "../api/images";
import { clients } from "../api/clients";
import { type Head } from "../api/revisionFile";
import { type LabelledFile } from "../files/labelledFiles";
import { ErrorReason } from "../gen/taskres/v1/errors_pb";
import { Confusions } from "../maths/confusions";
import { adapted, baseOnly } from "../maths/scoring";
import { argmax } from "../maths/vectors";

const batchImages = 16;
const deadlineMs = 120_000;

/** How a revision does on labelled images, with its residual and without. */
export interface Measured {
  adapted: Confusions;
  base: Confusions;
  failed: { file: string; message: string }[];
}

export interface MeasurePlan {
  tenant: string;
  head: Head;
  files: readonly LabelledFile[];
  onProgress: (done: number) => void;
  signal: AbortSignal;
}

/** Embeds labelled images on the server and scores them here, so that one embedding serves both classifiers. */
export async function measure({ tenant, head, files, onProgress, signal }: MeasurePlan): Promise<Measured> {
  if (!head.isPlain) throw new Error(`A revision of the method ${head.method} is scored by the services alone: try images one by one, or use “taskres evaluate”.`);
  const classes = head.classNames.length;
  const measured: Measured = { adapted: new Confusions(classes), base: new Confusions(classes), failed: [] };
  const [withResidual, without] = [adapted(head), baseOnly(head)];
  for (let first = 0; first < files.length; first += batchImages) {
    const batch = files.slice(first, first + batchImages);
    const results = await embed(`tenants/${tenant}`, batch, signal);
    results.forEach((result, index) => {
      const { file, label } = batch[index]!;
      if ("message" in result) return measured.failed.push({ file: file.name, message: result.message });
      const k = head.classNames.indexOf(label);
      measured.adapted.add(k, argmax(withResidual.logits(result.values)));
      measured.base.add(k, argmax(without.logits(result.values)));
    });
    onProgress(Math.min(files.length, first + batch.length));
  }
  return measured;
}

type Embedded = { values: number[] } | { message: string };

async function embed(tenant: string, batch: readonly LabelledFile[], signal: AbortSignal): Promise<Embedded[]> {
  const contents = await Promise.all(batch.map(({ file }) => bytesOf(file)));
  const digests = await Promise.all(contents.map(byDigest));
  const call = async (images: WireImage[]) => (await clients().encoder.encodeImages({ tenant, images }, { signal, timeoutMs: deadlineMs })).results;

  const results = await call(digests.map((digest, index) => digest ?? byContent(contents[index]!)));
  const wanted = results.flatMap(({ result }, index) => (result.case === "error" && result.value.reason === ErrorReason.IMAGE_BYTES_REQUIRED ? [index] : []));
  if (wanted.length > 0) {
    const again = await call(wanted.map((index) => byContent(contents[index]!)));
    wanted.forEach((index, place) => (results[index] = again[place]!));
  }
  return results.map(({ result }) => (result.case === "embedding" ? { values: result.value.values } : { message: result.value?.message ?? "not answered" }));
}
