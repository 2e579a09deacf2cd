import { type MessageInitShape } from "@bufbuild/protobuf";
import { type Client } from "@connectrpc/connect";
import { type RpcCaller } from "./calls/caller.js";
import { ExampleUpload } from "./calls/exampleUpload.js";
import { type ImageSource } from "./calls/images.js";
import { watchJob } from "./calls/jobWatch.js";
import { pages } from "./calls/pages.js";
import { newRequestId } from "./calls/requestId.js";
import { type AddExamplesResponse, type Job, JobState, PromotionPolicy, type TrainerService, type TrainingSettingsSchema } from "./gen/taskres/v1/trainer_pb.js";
import { type Cancellation } from "./options.js";

/** A labelled image to learn from. */
export interface LabelledImage {
  /** One of the task's classes. */
  className: string;
  image: ImageSource;
}

/** An upload of examples. */
export interface AddExamplesOptions extends Cancellation {
  /** The task's id or full name. */
  task: string;
  /** Augmented views to embed of each image beside the evaluation crop, 0–32. */
  views?: number;
  /** Told how many images have been sent, or were found not to need it. */
  onSent?: (count: number) => void;
}

/** Which jobs of a task to list. */
export interface ListJobsOptions extends Cancellation {
  /** Only jobs in this state; unset means all. */
  state?: JobState;
}

/** A training job to queue. */
export interface TrainOptions extends Cancellation {
  /** The task's id or full name. */
  task: string;
  /** What is unset takes the server's default. */
  settings?: MessageInitShape<typeof TrainingSettingsSchema>;
  /** Whether the revision goes live when the job succeeds; it does unless said otherwise. */
  promotion?: PromotionPolicy;
}

/** Uploads examples, queues training jobs, and follows them. A job is given by its full name `tenants/{tenant}/tasks/{task}/jobs/{job}`. */
export class TrainingClient {
  /** @internal */
  constructor(
    private readonly rpc: RpcCaller,
    private readonly trainer: Client<typeof TrainerService>,
  ) {}

  /**
   * Uploads examples, some hundreds at a time: all but small images by digest first, and their bytes where the server asks for
   * them. One that fails is in the answer's errors, under the number of its place in `examples`; the others are taken. The same
   * examples again change nothing: what an attempt brought before it broke off counts as unchanged.
   */
  addExamples(options: AddExamplesOptions, examples: AsyncIterable<LabelledImage> | Iterable<LabelledImage>): Promise<AddExamplesResponse> {
    return new ExampleUpload(this.rpc, this.trainer, options).run(examples);
  }

  /** Queues a job on the examples that the task has now. */
  async train({ task, settings = {}, promotion = PromotionPolicy.ON_SUCCESS, signal }: TrainOptions): Promise<Job> {
    const request = { task: this.rpc.taskName(task), settings, promotion, requestId: newRequestId() };
    return (await this.rpc.unary(this.trainer.trainTask, request, signal)).job!;
  }

  /** The job as it is now. */
  async getJob(job: string, { signal }: Cancellation = {}): Promise<Job> {
    return (await this.rpc.unary(this.trainer.getJob, { name: job }, signal)).job!;
  }

  /** A task's jobs, newest first, read page by page; without the courses of their progress. */
  listJobs(task: string, { state = JobState.UNSPECIFIED, signal }: ListJobsOptions = {}): AsyncGenerator<Job, void, undefined> {
    return pages(async (pageToken) => {
      const { jobs, nextPageToken } = await this.rpc.unary(this.trainer.listJobs, { parent: this.rpc.taskName(task), state, pageToken }, signal);
      return { items: jobs, nextToken: nextPageToken };
    });
  }

  /** Asks the job to stop; a job that has ended stays as it is. */
  async cancelJob(job: string, { signal }: Cancellation = {}): Promise<Job> {
    return (await this.rpc.unary(this.trainer.cancelJob, { name: job }, signal)).job!;
  }

  /**
   * The job now, then at every change, up to its final state. A watch that breaks because the server went away is taken up again;
   * it fails after `maxAttempts` tries without news.
   */
  watchJob(job: string, { signal }: Cancellation = {}): AsyncGenerator<Job, void, undefined> {
    return watchJob(this.rpc, this.trainer, job, signal);
  }
}
