import { type Client } from "@connectrpc/connect";
import { type RpcCaller } from "./calls/caller.js";
import { pages } from "./calls/pages.js";
import { newRequestId } from "./calls/requestId.js";
import { BaseKind, type GetTaskResponse, type Task, type TrainerService } from "./gen/taskres/v1/trainer_pb.js";
import { type Cancellation } from "./options.js";

/** A new task: what is to be told apart, and from what its base classifier is made. */
export interface CreateTaskOptions extends Cancellation {
  /** 1–63 characters of a–z, 0–9 and -. */
  taskId: string;
  /** 2–5,000 distinct names; their order is the order of the class indices. */
  classNames: readonly string[];
  /** Prompts with one `{}` each for the class name; none means "a photo of a {}.". */
  templates?: readonly string[];
  /** Prompts unless said otherwise; class means for classes without useful names. */
  baseKind?: BaseKind;
}

/** Makes, reads and deletes tasks. A task is given by its id or its full name `tenants/{tenant}/tasks/{task}`. */
export class TasksClient {
  /** @internal */
  constructor(
    private readonly rpc: RpcCaller,
    private readonly trainer: Client<typeof TrainerService>,
  ) {}

  /** Makes a task. With a base of prompts its zero-shot classifier is live at once. */
  async create(options: CreateTaskOptions): Promise<Task> {
    const { taskId, classNames, templates = [], baseKind = BaseKind.PROMPTS, signal } = options;
    const request = {
      parent: this.rpc.settings.tenantName,
      taskId,
      task: { classNames: [...classNames], templates: [...templates], baseKind },
      requestId: newRequestId(),
    };
    return (await this.rpc.unary(this.trainer.createTask, request, signal)).task!;
  }

  /** The task and how many examples it has of each class. */
  get(task: string, { signal }: Cancellation = {}): Promise<GetTaskResponse> {
    return this.rpc.unary(this.trainer.getTask, { name: this.rpc.taskName(task) }, signal);
  }

  /** All tasks of the client's tenant by name, read page by page; without their class names. */
  list({ signal }: Cancellation = {}): AsyncGenerator<Task, void, undefined> {
    return pages(async (pageToken) => {
      const { tasks, nextPageToken } = await this.rpc.unary(this.trainer.listTasks, { parent: this.rpc.settings.tenantName, pageToken }, signal);
      return { items: tasks, nextToken: nextPageToken };
    });
  }

  /** Deletes the task with its examples, revisions and jobs; with an etag, only while it is the task's. */
  async delete(task: string, { etag = "", signal }: { etag?: string } & Cancellation = {}): Promise<void> {
    await this.rpc.unary(this.trainer.deleteTask, { name: this.rpc.taskName(task), etag }, signal);
  }
}
