import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type Client, Code } from "@connectrpc/connect";
import { type RpcCaller } from "./calls/caller.js";
import { allBytesOf, areAskedFor, type Bytes, bytesOf, content, firstForm, type ImageInit, type ImageSource } from "./calls/images.js";
import { PipelinedStream } from "./calls/pipelinedStream.js";
import { pooled } from "./calls/pooled.js";
import {
  type EncodeImagesResponse,
  type EncoderService,
  type EncodeStreamRequestSchema,
  type EncodeStreamResponse,
  EncodeStreamResponseSchema,
  type EncodeTextsResponse,
  type GetModelResponse,
} from "./gen/taskres/v1/encoder_pb.js";
import { TaskResError } from "./errors.js";
import { EmbeddingFormat, Priority, ReplyOrder } from "./gen/taskres/v1/types_pb.js";
import { type Cancellation } from "./options.js";

/** How images and texts are encoded, and how their embeddings travel. */
export interface EncodingOptions extends Cancellation {
  /** Of images: 0 is the evaluation crop, n ≥ 1 the n-th random crop, the same for the same image always. */
  view?: number;
  /** Unset means interactive in unary calls and bulk in streams. */
  priority?: Priority;
  /** `toFloats` reads any of them. */
  format?: EmbeddingFormat;
}

type StreamRequest = MessageInitShape<typeof EncodeStreamRequestSchema>;

/** Embeddings of images and texts. They are raw: normalise them before taking cosines. */
export class EncodingClient {
  /** @internal */
  constructor(
    private readonly rpc: RpcCaller,
    private readonly encoder: Client<typeof EncoderService>,
  ) {}

  /** The model in use and the server's limits. */
  getModel({ signal }: Cancellation = {}): Promise<GetModelResponse> {
    return this.rpc.unary(this.encoder.getModel, {}, signal);
  }

  /**
   * Encodes a few images; each result is an embedding or an error of its own, in the same order. All but small images are asked
   * for by digest first, and sent only where the server does not know them: the timings are then those of the second call.
   */
  async encodeImages(images: Iterable<ImageSource>, options: EncodingOptions = {}): Promise<EncodeImagesResponse> {
    const bytes = await Promise.all(Array.from(images, bytesOf));
    const response = await this.#encode(await Promise.all(bytes.map(firstForm)), options);
    const lacking = response.results.flatMap(({ result }, index) => (result.case === "error" && areAskedFor(result.value) ? [index] : []));
    if (lacking.length === 0) return response;

    const sent = await this.#encode(lacking.map((index) => content(bytes[index]!)), options);
    // The embeddings of two models must not stand side by side.
    if (sent.encoderFingerprint !== response.encoderFingerprint) return this.#encode(bytes.map(content), options);
    lacking.forEach((place, index) => (response.results[place] = sent.results[index]!));
    if (sent.timings) response.timings = sent.timings;
    return response;
  }

  /** Encodes a few texts in one call; each result is an embedding or an error of its own, in the same order. */
  encodeTexts(texts: Iterable<string>, { priority, format, signal }: EncodingOptions = {}): Promise<EncodeTextsResponse> {
    const request = { tenant: this.rpc.settings.tenantName, texts: [...texts], ...chosen(priority, format) };
    return this.rpc.unary(this.encoder.encodeTexts, request, signal);
  }

  /**
   * Encodes images as they come, asked for by digest first. Results come in any order; their sequence is the place of their image
   * in `images`.
   */
  encodeImageStream(
    images: AsyncIterable<ImageSource> | Iterable<ImageSource>,
    options: EncodingOptions = {},
  ): AsyncGenerator<EncodeStreamResponse, void, undefined> {
    if (!this.rpc.duplex) return this.#pooled(images, (image) => this.encodeImages([image], options));
    return new PipelinedStream<Bytes, StreamRequest, EncodeStreamResponse>(this.rpc, {
      first: async (sequence, image) => this.#item(sequence, options, { case: "image", value: await firstForm(image) }),
      followUp: ({ sequence, result }, image) =>
        result?.result.case === "error" && areAskedFor(result.result.value) ? this.#item(sequence, options, { case: "image", value: content(image) }) : undefined,
      open: this.encoder.encodeStream,
    }).run(allBytesOf(images), options.signal);
  }

  /** Encodes texts as they come; results in any order, their sequence being the place of their text in `texts`. */
  encodeTextStream(texts: AsyncIterable<string> | Iterable<string>, options: EncodingOptions = {}): AsyncGenerator<EncodeStreamResponse, void, undefined> {
    if (!this.rpc.duplex) return this.#pooled(texts, (text) => this.encodeTexts([text], options));
    return new PipelinedStream<string, StreamRequest, EncodeStreamResponse>(this.rpc, {
      first: async (sequence, text) => this.#item(sequence, options, { case: "text", value: text }),
      followUp: () => undefined,
      open: this.encoder.encodeStream,
    }).run(texts, options.signal);
  }

  #pooled<Item>(
    items: AsyncIterable<Item> | Iterable<Item>,
    encode: (item: Item) => Promise<EncodeImagesResponse | EncodeTextsResponse>,
  ): AsyncGenerator<EncodeStreamResponse, void, undefined> {
    return pooled(items, this.rpc.settings.maxInFlight, async (sequence, item) => {
      const { results, encoderFingerprint, timings } = await encode(item);
      const result = results[0];
      if (!result) throw new TaskResError(`The server at ${this.rpc.settings.address} answered nothing for an item.`, { code: Code.Internal });
      return create(EncodeStreamResponseSchema, { sequence, result, encoderFingerprint, ...(timings && { timings }) });
    });
  }

  #encode(images: ImageInit[], { view = 0, priority, format, signal }: EncodingOptions): Promise<EncodeImagesResponse> {
    const request = { tenant: this.rpc.settings.tenantName, images, view, ...chosen(priority, format) };
    return this.rpc.unary(this.encoder.encodeImages, request, signal);
  }

  #item(sequence: bigint, { view = 0, priority, format }: EncodingOptions, input: StreamRequest["input"] & {}): StreamRequest {
    return { tenant: this.rpc.settings.tenantName, sequence, view, order: ReplyOrder.AS_READY, input, ...chosen(priority, format) };
  }
}

function chosen(priority: Priority | undefined, format: EmbeddingFormat | undefined) {
  return { priority: priority ?? Priority.UNSPECIFIED, format: format ?? EmbeddingFormat.UNSPECIFIED };
}
