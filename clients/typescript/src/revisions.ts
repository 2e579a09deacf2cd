import { type MessageInitShape } from "@bufbuild/protobuf";
import { type Client } from "@connectrpc/connect";
import { type RpcCaller } from "./calls/caller.js";
import { chunksOf, type FileSource } from "./calls/files.js";
import { pages } from "./calls/pages.js";
import { newRequestId } from "./calls/requestId.js";
import { type ImportRevisionRequestSchema, type Revision, type RolloutSchema, type Task, type TrainerService } from "./gen/taskres/v1/trainer_pb.js";
import { type Cancellation } from "./options.js";

/** What a change takes for granted: it is refused with the reason CONFLICT where the task is another by now. */
export interface ChangeOptions extends Cancellation {
  /** The full name of the revision that must be live; unset where any will do. */
  expectedLiveRevision?: string;
  /** The etag of the task as it was read; unset where any will do. */
  etag?: string;
}

/**
 * Lists, serves, and carries away the trained results of a task. A revision is given by its full name
 * `tenants/{tenant}/tasks/{task}/revisions/{revision}`.
 */
export class RevisionsClient {
  /** @internal */
  constructor(
    private readonly rpc: RpcCaller,
    private readonly trainer: Client<typeof TrainerService>,
  ) {}

  /** All revisions of a task, newest first, read page by page. */
  list(task: string, { signal }: Cancellation = {}): AsyncGenerator<Revision, void, undefined> {
    return pages(async (pageToken) => {
      const { revisions, nextPageToken } = await this.rpc.unary(this.trainer.listRevisions, { parent: this.rpc.taskName(task), pageToken }, signal);
      return { items: revisions, nextToken: nextPageToken };
    });
  }

  /** One revision: how it was trained and how well it fits its examples. */
  async get(revision: string, { signal }: Cancellation = {}): Promise<Revision> {
    return (await this.rpc.unary(this.trainer.getRevision, { name: revision }, signal)).revision!;
  }

  /** Makes a revision the live one, which ends a rollout. */
  async promote(revision: string, { expectedLiveRevision = "", etag = "", signal }: ChangeOptions = {}): Promise<Task> {
    return (await this.rpc.unary(this.trainer.promoteRevision, { name: revision, expectedLiveRevision, etag }, signal)).task!;
  }

  /** Makes the revision live again that was live before the present one, which ends a rollout. */
  async rollback(task: string, { expectedLiveRevision = "", etag = "", signal }: ChangeOptions = {}): Promise<Task> {
    const request = { name: this.rpc.taskName(task), expectedLiveRevision, etag, requestId: newRequestId() };
    return (await this.rpc.unary(this.trainer.rollbackTask, request, signal)).task!;
  }

  /**
   * Puts revisions on trial beside the live one: a canary that answers a share of the requests, a shadow that scores all of them
   * unseen. It replaces what was on trial before; undefined ends it.
   */
  async setRollout(
    task: string,
    rollout: MessageInitShape<typeof RolloutSchema> | undefined,
    { etag = "", signal }: Pick<ChangeOptions, "etag" | "signal"> = {},
  ): Promise<Task> {
    return (await this.rpc.unary(this.trainer.setRollout, { task: this.rpc.taskName(task), etag, ...(rollout && { rollout }) }, signal)).task!;
  }

  /** A revision as the pieces of a safetensors file. */
  async *export(revision: string, { signal }: Cancellation = {}): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const { chunk } of this.rpc.download((options) => this.trainer.exportRevision({ name: revision }, options), signal)) yield chunk;
  }

  /** Takes a revision from a safetensors file into a task with the same classes and encoder. It is not promoted. */
  async import(task: string, source: FileSource, { signal }: Cancellation = {}): Promise<Revision> {
    const name = this.rpc.taskName(task);
    return (await this.rpc.uploadOnce(this.trainer.importRevision, parts(), signal)).revision!;

    async function* parts(): AsyncGenerator<MessageInitShape<typeof ImportRevisionRequestSchema>, void, undefined> {
      yield { part: { case: "task", value: name } };
      for await (const chunk of chunksOf(source)) yield { part: { case: "chunk", value: chunk } };
    }
  }
}
