import { createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { RpcCaller } from "./calls/caller.js";
import { ClassificationClient } from "./classification.js";
import { EncodingClient } from "./encoding.js";
import { ClassifierService } from "./gen/taskres/v1/classifier_pb.js";
import { EncoderService } from "./gen/taskres/v1/encoder_pb.js";
import { TenantService } from "./gen/taskres/v1/tenants_pb.js";
import { TrainerService } from "./gen/taskres/v1/trainer_pb.js";
import { type Settings } from "./options.js";
import { RevisionsClient } from "./revisions.js";
import { TasksClient } from "./tasks.js";
import { TenantsClient } from "./tenants.js";
import { TrainingClient } from "./training.js";

/** How calls travel. */
export interface Wire {
  readonly transport: Transport;
  /** Whether both sides of a stream can talk at the same time. */
  readonly duplex: boolean;
}

/**
 * A connection to a suite of TaskRes services, meant to be kept. Every method rejects with a `TaskResError` where the server
 * refuses or cannot be reached, and with its signal's reason where that was aborted.
 */
export abstract class ClientBase {
  /** Tasks: what a tenant wants to tell apart. */
  readonly tasks: TasksClient;
  /** The trained results of a task, and which of them is live. */
  readonly revisions: RevisionsClient;
  /** Examples, and the jobs that train on them. */
  readonly training: TrainingClient;
  /** Answers of a task's live revision. */
  readonly classification: ClassificationClient;
  /** Tenants, their API keys and their audit records. */
  readonly tenants: TenantsClient;
  /** Embeddings of the encoder that all tenants share. */
  readonly encoding: EncodingClient;

  protected constructor(settings: Settings, { transport, duplex }: Wire) {
    const rpc = new RpcCaller(settings, duplex);
    const trainer = createClient(TrainerService, transport);
    this.tasks = new TasksClient(rpc, trainer);
    this.revisions = new RevisionsClient(rpc, trainer);
    this.training = new TrainingClient(rpc, trainer);
    this.classification = new ClassificationClient(rpc, createClient(ClassifierService, transport));
    this.tenants = new TenantsClient(rpc, createClient(TenantService, transport));
    this.encoding = new EncodingClient(rpc, createClient(EncoderService, transport));
  }
}

/** Sends the key with every call. */
export function authorization({ apiKey }: Settings): Interceptor[] {
  if (apiKey === undefined) return [];
  return [
    (next) => (request) => {
      request.header.set("authorization", `Bearer ${apiKey}`);
      return next(request);
    },
  ];
}
