import { type Client } from "@connectrpc/connect";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type AddExamplesRequestSchema, type AddExamplesResponse, AddExamplesResponseSchema, type TrainerService } from "../gen/taskres/v1/trainer_pb.js";
import { type AddExamplesOptions, type LabelledImage } from "../training.js";
import { type RpcCaller } from "./caller.js";
import { areAskedFor, type Bytes, bytesOf, content, firstForm, type ImageInit } from "./images.js";

const MAX_EXAMPLES = 256;
const MAX_BYTES = 64 << 20;

// As many as the server lists of one call.
const MAX_ERRORS = 1000;

interface Numbered {
  readonly sequence: bigint;
  readonly className: string;
  readonly image: Bytes;
}

/**
 * An upload of examples by digest first. Which bytes the server lacks it tells at the end of a call, so that examples go some at
 * a time and are kept until then. For one run.
 */
export class ExampleUpload {
  readonly #total = create(AddExamplesResponseSchema);
  #sent = 0;

  constructor(
    private readonly rpc: RpcCaller,
    private readonly trainer: Client<typeof TrainerService>,
    private readonly options: AddExamplesOptions,
  ) {}

  async run(examples: AsyncIterable<LabelledImage> | Iterable<LabelledImage>): Promise<AddExamplesResponse> {
    let kept: Numbered[] = [];
    let bytes = 0;
    let count = 0n;
    for await (const { className, image: source } of examples) {
      const image = await bytesOf(source);
      kept.push({ sequence: count++, className, image });
      bytes += image.length;
      if (kept.length < MAX_EXAMPLES && bytes < MAX_BYTES) continue;
      await this.#send(kept);
      kept = [];
      bytes = 0;
    }
    // None at all are sent too: the server may have something to say of the task.
    if (kept.length > 0 || count === 0n) await this.#send(kept);
    return this.#total;
  }

  async #send(examples: Numbered[]): Promise<void> {
    const first = await this.#call(examples, await Promise.all(examples.map(({ image }) => firstForm(image))));
    const asked = new Set(first.errors.filter(({ error }) => areAskedFor(error)).map(({ sequence }) => sequence));
    this.#add(first, asked);
    this.#report(examples.length - asked.size);
    if (asked.size === 0) return;
    const lacking = examples.filter(({ sequence }) => asked.has(sequence));
    this.#add(await this.#call(lacking, lacking.map(({ image }) => content(image))), new Set());
    this.#report(lacking.length);
  }

  #call(examples: Numbered[], forms: ImageInit[]): Promise<AddExamplesResponse> {
    const header = { task: this.rpc.taskName(this.options.task), views: this.options.views ?? 0 };
    return this.rpc.upload((options) => this.trainer.addExamples(messages(), options), this.options.signal);

    async function* messages(): AsyncGenerator<MessageInitShape<typeof AddExamplesRequestSchema>, void, undefined> {
      yield { part: { case: "header", value: header } };
      for (const [index, { sequence, className }] of examples.entries()) yield { part: { case: "example", value: { sequence, className, image: forms[index]! } } };
    }
  }

  #add(response: AddExamplesResponse, asked: Set<bigint>): void {
    this.#total.added += response.added;
    this.#total.unchanged += response.unchanged;
    this.#total.replaced += response.replaced;
    this.#total.failed += response.failed - asked.size;
    const room = MAX_ERRORS - this.#total.errors.length;
    this.#total.errors.push(...response.errors.filter(({ sequence }) => !asked.has(sequence)).slice(0, room));
  }

  #report(more: number): void {
    this.#sent += more;
    if (more > 0) this.options.onSent?.(this.#sent);
  }
}
