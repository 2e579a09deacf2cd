// Runs the cases of tests/Conformance with this SDK, as that folder's SdkProcess says: `conformance.js node|web`.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import type * as sdk from "taskres";

const { Code, EmbeddingFormat, ErrorReason, CacheTier, JobState, Permission, TaskResClient, TaskResError, TenantState, toFloats } = (await import(
  process.argv[2] === "web" ? "taskres/web" : "taskres/node"
)) as typeof sdk;

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
type Fields = { [name: string]: Json };

interface Step {
  id: string;
  call: string;
  args?: Fields;
  key?: string;
  timeoutMs?: number;
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const files = new Map<string, Uint8Array>();

/** A step that is carried out. */
class Call {
  constructor(
    readonly client: sdk.TaskResClient,
    readonly args: Fields,
    readonly id: string,
  ) {}

  text(name: string): string {
    return (this.args[name] ?? "") as string;
  }

  number(name: string): number {
    return (this.args[name] ?? 0) as number;
  }

  texts(name: string): string[] {
    const texts = (this.args[name] ?? []) as string[];
    const times = this.number("times");
    return times === 0 ? texts : Array.from({ length: times }, (_, time) => texts.map((text) => `${text} ${time}`)).flat();
  }

  *images(): Generator<Uint8Array> {
    const paths = this.args.folder === undefined ? this.texts("images") : below(this.text("folder"));
    for (let round = 0; round < Math.max(1, this.number("repeat")); round++) for (const path of paths) yield readFileSync(path);
  }

  *examples(): Generator<sdk.LabelledImage> {
    for (const [className, path] of (this.args.examples ?? []) as [string, string][]) yield { className, image: readFileSync(path) };
    if (this.args.folder === undefined) return;
    for (const folder of sorted(this.text("folder")))
      for (const path of sorted(folder).slice(0, this.number("perClass"))) yield { className: basename(folder), image: readFileSync(path) };
  }
}

function sorted(folder: string): string[] {
  return readdirSync(folder).sort().map((name) => join(folder, name));
}

function below(folder: string): string[] {
  return sorted(folder).flatMap((path) => (statSync(path).isDirectory() ? below(path) : [path]));
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const taskOf = (task: sdk.Task): Fields => ({ name: task.name, live_revision: task.liveRevision, example_count: task.exampleCount });
const errorOf = (sequence: number | bigint, error: sdk.ItemError): Fields => ({ sequence: Number(sequence), reason: ErrorReason[error.reason]! });
const formatOf = (call: Call) => (call.args.format === undefined ? {} : { format: EmbeddingFormat[call.text("format") as "FP16"] });

async function create(call: Call, taskId: string): Promise<sdk.Task> {
  return call.client.tasks.create({ taskId, classNames: call.texts("classes"), templates: call.texts("templates") });
}

function resultsOf(results: sdk.EncodeResult[]): Fields {
  const vectors = results.flatMap(({ result }) => (result.case === "embedding" ? [toFloats(result.value)] : []));
  return {
    count: results.length,
    dimension: vectors[0]!.length,
    norm: Math.sqrt(vectors[0]!.reduce((sum, value) => sum + value * value, 0)),
    errors: results.flatMap(({ result }, index) => (result.case === "error" ? [errorOf(index, result.value)] : [])),
  };
}

async function encodedStream(stream: AsyncIterable<sdk.EncodeStreamResponse>): Promise<Fields> {
  const answers = await all(stream);
  const results = answers.toSorted((one, other) => Number(one.sequence - other.sequence)).map(({ result }) => result!);
  return { ...resultsOf(results), answers: answers.length, distinct: new Set(answers.map(({ sequence }) => sequence)).size };
}

async function restart(): Promise<void> {
  tell({ restart: true });
  await lines.next();
}

const verbs: Record<string, (call: Call) => Promise<Fields>> = {
  restart: async () => {
    await restart();
    return {};
  },
  createTenant: async (call) => {
    const { name, state } = await call.client.tenants.create(call.text("id"));
    return { name, state: TenantState[state]! };
  },
  deleteTenant: async (call) => {
    await call.client.tenants.delete(call.text("tenant"));
    return {};
  },
  updateQuotas: async (call) => ({ tasks: (await call.client.tenants.updateQuotas(call.text("tenant"), { tasks: call.number("tasks") })).quotas!.tasks! }),
  getUsage: async (call) => ({ days: (await call.client.tenants.getUsage(call.text("tenant"), { days: call.number("days") })).length }),
  getLimits: async (call) => {
    const { maxClasses, maxViews, maxBatchItems, maxImageBytes } = (await call.client.tenants.getLimits(call.text("tenant"))).service!;
    return { max_classes: maxClasses, max_views: maxViews, max_batch_items: maxBatchItems, max_image_bytes: maxImageBytes };
  },
  createKey: async (call) => {
    const permissions = call.texts("permissions").map((name) => Permission[name as "READ"]);
    const { apiKey, secret } = await call.client.tenants.createKey(call.text("tenant"), { permissions });
    return { name: apiKey!.name, secret, permissions: apiKey!.permissions.map((permission) => Permission[permission]!) };
  },
  rotateKey: async (call) => {
    const { apiKey, secret } = await call.client.tenants.rotateKey(call.text("key"));
    return { name: apiKey!.name, secret };
  },
  deleteKey: async (call) => {
    await call.client.tenants.deleteKey(call.text("key"));
    return {};
  },
  listKeys: async (call) => ({ count: (await call.client.tenants.listKeys(call.text("tenant"))).length }),
  exportTenant: async (call) => {
    const file = Buffer.concat(await all(call.client.tenants.export(call.text("tenant"))));
    files.set(call.id, file);
    return { bytes: file.length };
  },
  importTenant: async (call) => {
    const { tenant, counts } = await call.client.tenants.import(files.get(call.text("from"))!);
    return { name: tenant!.name, tasks: counts!.tasks, examples: Number(counts!.examples) };
  },
  createTask: async (call) => taskOf(await create(call, call.text("task"))),
  createTasks: async (call) => {
    for (const task of call.texts("tasks")) await create(call, task);
    return {};
  },
  getTask: async (call) => {
    const { task, examplesPerClass } = await call.client.tasks.get(call.text("task"));
    return { ...taskOf(task!), class_names: task!.classNames, examples_per_class: examplesPerClass };
  },
  listTasks: async (call) => ({ names: (await all(call.client.tasks.list())).map(({ name }) => name) }),
  deleteTask: async (call) => {
    await call.client.tasks.delete(call.text("task"));
    return {};
  },
  addExamples: async (call) => {
    let sent = 0;
    const options = { task: call.text("task"), views: call.number("views"), onSent: (count: number) => (sent = count) };
    const { added, unchanged, failed, errors } = await call.client.training.addExamples(options, call.examples());
    return { added, unchanged, failed, sent, errors: errors.map(({ sequence, error }) => errorOf(sequence, error!)) };
  },
  train: async (call) => {
    const settings = { epochs: call.number("epochs"), batchSize: call.number("batchSize") };
    return { job: (await call.client.training.train({ task: call.text("task"), settings })).name };
  },
  getJob: async (call) => {
    const { state, revision, promoted } = await call.client.training.getJob(call.text("job"));
    return { state: JobState[state]!, revision, promoted };
  },
  listJobs: async (call) => {
    const state = JobState[call.text("state") as "QUEUED"];
    return { names: (await all(call.client.training.listJobs(call.text("task"), { state }))).map(({ name }) => name) };
  },
  cancelJob: async (call) => {
    await call.client.training.cancelJob(call.text("job"));
    return {};
  },
  watchJob: async (call) => {
    const jobs = await all(call.client.training.watchJob(call.text("job")));
    const { state, promoted, revision } = jobs.at(-1)!;
    const epochs = jobs.map(({ progress }) => progress?.epoch ?? 0);
    const rising = epochs.every((epoch, index) => index === 0 || epoch >= epochs[index - 1]!);
    return { state: JobState[state]!, promoted, revision, epoch: epochs.at(-1)!, rising, updates: jobs.length };
  },
  listRevisions: async (call) => ({ names: (await all(call.client.revisions.list(call.text("task")))).map(({ name }) => name) }),
  getRevision: async (call) => {
    const { name, live, exampleCount, alpha, supportAccuracy } = await call.client.revisions.get(call.text("revision"));
    return { name, live, example_count: exampleCount, alpha, support_accuracy: supportAccuracy };
  },
  promote: async (call) =>
    taskOf(await call.client.revisions.promote(call.text("revision"), { expectedLiveRevision: call.text("expectedLive"), etag: call.text("etag") })),
  rollback: async (call) => taskOf(await call.client.revisions.rollback(call.text("task"))),
  setRollout: async (call) => {
    const { rollout } = await call.client.revisions.setRollout(call.text("task"), { canaryRevision: call.text("canary"), canaryPercent: call.number("percent") });
    return { canary_revision: rollout!.canaryRevision, canary_percent: rollout!.canaryPercent };
  },
  exportRevision: async (call) => {
    const file = Buffer.concat(await all(call.client.revisions.export(call.text("revision"))));
    files.set(call.id, file);
    return { bytes: file.length, sha256: createHash("sha256").update(file).digest("hex") };
  },
  importRevision: async (call) => ({ name: (await call.client.revisions.import(call.text("task"), files.get(call.text("from"))!)).name }),
  getModel: async (call) => {
    const { fingerprint, embeddingDimension, imageSize } = (await call.client.encoding.getModel()).model!;
    return { fingerprint, embedding_dimension: embeddingDimension, image_size: imageSize };
  },
  encodeImages: async (call) => resultsOf((await call.client.encoding.encodeImages(call.images(), formatOf(call))).results),
  encodeTexts: async (call) => {
    const signal = call.args.cancelAfter === undefined ? undefined : AbortSignal.abort();
    return resultsOf((await call.client.encoding.encodeTexts(call.texts("texts"), { ...formatOf(call), signal })).results);
  },
  encodeImageStream: (call) => encodedStream(call.client.encoding.encodeImageStream(call.images(), formatOf(call))),
  encodeTextStream: (call) => encodedStream(call.client.encoding.encodeTextStream(call.texts("texts"), formatOf(call))),
  classify: async (call) => {
    const { task, revision, predictions, tier } = await call.client.classification.classify(call.text("task"), readFileSync(call.text("image")), { topK: call.number("topK") });
    const [first] = predictions;
    const sum = predictions.reduce((total, { probability }) => total + probability, 0);
    return { task, revision, count: predictions.length, first: first!.className, probability: first!.probability, sum, tier: CacheTier[tier]! };
  },
  classifyStream: async (call) => {
    const stop = new AbortController();
    const answers: sdk.ClassifyStreamResponse[] = [];
    for await (const answer of call.client.classification.classifyStream(call.text("task"), call.images(), { topK: 1, signal: stop.signal })) {
      answers.push(answer);
      if (answers.length === call.number("cancelAfter")) stop.abort();
      if (answers.length === call.number("restartAfter")) await restart();
    }
    answers.sort((one, other) => Number(one.sequence - other.sequence));
    return {
      answers: answers.length,
      distinct: new Set(answers.map(({ sequence }) => sequence)).size,
      revisions: [...new Set(answers.flatMap(({ result }) => (result.case === "response" ? [result.value.revision] : [])))],
      errors: answers.flatMap(({ sequence, result }) => (result.case === "error" ? [errorOf(sequence, result.value)] : [])),
    };
  },
};

async function resultOf(verb: string, call: Call): Promise<Fields> {
  try {
    return await verbs[verb]!(call);
  } catch (error) {
    if (error instanceof TaskResError) {
      const { reasonName, code, message, metadata, fieldViolations, retryAfterMs } = error;
      const status = Code[code].replace(/(?<!^)(?=[A-Z])/g, "_").toUpperCase();
      return { error: { reason: reasonName, status, message, metadata: { ...metadata }, fields: fieldViolations.map(({ field }) => field), retry: retryAfterMs !== undefined } };
    }
    if (error instanceof DOMException && error.name === "AbortError") return { cancelled: true };
    throw error;
  }
}

function tell(message: Fields): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function fill(node: Json | undefined, known: Fields): Json {
  if (typeof node === "string") {
    const whole = /^\$\{([\w.]+)\}$/.exec(node);
    return whole ? find(whole[1]!, known) : node.replace(/\$\{([\w.]+)\}/g, (_, path: string) => `${find(path, known)}`);
  }
  if (Array.isArray(node)) return node.map((item) => fill(item, known));
  if (node && typeof node === "object") return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, fill(value, known)]));
  return node ?? null;
}

function find(path: string, known: Fields): Json {
  return path.split(".").reduce<Json>((at, part) => (at as Fields)[part] ?? null, known);
}

const input = JSON.parse((await lines.next()).value as string) as { server: string; cases: string; known: Fields };
const { known } = input;
for (const scenario of JSON.parse(readFileSync(input.cases, "utf8")).scenarios as { key?: string; waitForReady?: boolean; steps: Step[] }[]) {
  for (const step of scenario.steps) {
    const client = new TaskResClient({
      address: input.server,
      tenantName: known.tenant as string,
      apiKey: fill(step.key ?? scenario.key ?? "${operator}", known) as string,
      waitForReady: scenario.waitForReady ?? false,
      ...(step.timeoutMs && { timeoutMs: step.timeoutMs }),
    });
    const result = await resultOf(step.call, new Call(client, fill(step.args ?? {}, known) as Fields, step.id));
    client.close();
    known[step.id] = result;
    tell({ step: step.id, result });
  }
}
process.exit(0);
