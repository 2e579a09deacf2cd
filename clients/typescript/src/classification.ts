import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type Client, Code } from "@connectrpc/connect";
import { type RpcCaller } from "./calls/caller.js";
import { allBytesOf, areAskedFor, type Bytes, bytesOf, content, firstForm, type ImageInit, type ImageSource } from "./calls/images.js";
import { PipelinedStream } from "./calls/pipelinedStream.js";
import { pooled } from "./calls/pooled.js";
import { TaskResError } from "./errors.js";
import { type ClassifierService, type ClassifyResponse, type ClassifyStreamRequestSchema, type ClassifyStreamResponse, ClassifyStreamResponseSchema } from "./gen/taskres/v1/classifier_pb.js";
import { ErrorReason } from "./gen/taskres/v1/errors_pb.js";
import { ReplyOrder } from "./gen/taskres/v1/types_pb.js";
import { type Cancellation } from "./options.js";

const OF_ALL_ITEMS = [Code.Unavailable, Code.Unauthenticated, Code.PermissionDenied];

/** How to classify. */
export interface ClassifyOptions extends Cancellation {
  /** How many classes to answer with, best first; unset means 5. */
  topK?: number;
}

/**
 * Classifies images with a task's live revision. All but small images are asked for by their SHA-256 first, and sent only where
 * the server does not know them.
 */
export class ClassificationClient {
  /** @internal */
  constructor(
    private readonly rpc: RpcCaller,
    private readonly classifier: Client<typeof ClassifierService>,
  ) {}

  /** Classifies one image; the task is given by its id or full name. */
  async classify(task: string, image: ImageSource, options: ClassifyOptions = {}): Promise<ClassifyResponse> {
    const bytes = await bytesOf(image);
    const call = (form: ImageInit) => this.rpc.unary(this.classifier.classify, this.#request(task, form, options), options.signal);
    try {
      return await call(await firstForm(bytes));
    } catch (error) {
      if (!(error instanceof TaskResError && error.reason === ErrorReason.IMAGE_BYTES_REQUIRED)) throw error;
      return await call(content(bytes));
    }
  }

  /**
   * Classifies images as they come, read only as far as answers allow. Answers, or an error of their own, come in any order; their
   * sequence is the place of their image in `images`.
   */
  classifyStream(
    task: string,
    images: AsyncIterable<ImageSource> | Iterable<ImageSource>,
    options: ClassifyOptions = {},
  ): AsyncGenerator<ClassifyStreamResponse, void, undefined> {
    if (!this.rpc.duplex) return pooled(images, this.rpc.settings.maxInFlight, (sequence, image) => this.#classifyItem(sequence, task, image, options));
    return new PipelinedStream<Bytes, MessageInitShape<typeof ClassifyStreamRequestSchema>, ClassifyStreamResponse>(this.rpc, {
      first: async (sequence, image) => ({ sequence, order: ReplyOrder.AS_READY, request: this.#request(task, await firstForm(image), options) }),
      followUp: ({ sequence, result }, image) =>
        result.case === "error" && areAskedFor(result.value) ? { sequence, request: this.#request(task, content(image), options) } : undefined,
      open: this.classifier.classifyStream,
    }).run(allBytesOf(images), options.signal);
  }

  async #classifyItem(sequence: bigint, task: string, image: ImageSource, options: ClassifyOptions): Promise<ClassifyStreamResponse> {
    try {
      return create(ClassifyStreamResponseSchema, { sequence, result: { case: "response", value: await this.classify(task, image, options) } });
    } catch (error) {
      // A refusal is the item's own answer, as in a stream; what concerns every item ends it, as there.
      const isItems = error instanceof TaskResError && error.reason !== ErrorReason.UNSPECIFIED && !OF_ALL_ITEMS.includes(error.code);
      if (!isItems) throw error;
      const { reason, message, metadata, fieldViolations } = error;
      const value = { reason, message, metadata: { ...metadata }, field: fieldViolations[0]?.field ?? "" };
      return create(ClassifyStreamResponseSchema, { sequence, result: { case: "error", value } });
    }
  }

  #request(task: string, image: ImageInit, { topK = 0 }: ClassifyOptions) {
    return { task: this.rpc.taskName(task), image, topK };
  }
}
