import { type Client, createClient } from "@connectrpc/connect";
import { ClassifierService } from "../gen/taskres/v1/classifier_pb";
import { EncoderService } from "../gen/taskres/v1/encoder_pb";
import { TenantService } from "../gen/taskres/v1/tenants_pb";
import { TrainerService } from "../gen/taskres/v1/trainer_pb";
import { session } from "./session";
import { createTransport } from "./transport";

/** The four services, with one key. */
export interface Clients {
  trainer: Client<typeof TrainerService>;
  classifier: Client<typeof ClassifierService>;
  encoder: Client<typeof EncoderService>;
  tenants: Client<typeof TenantService>;
}

export function clientsFor(key: string): Clients {
  const transport = createTransport(key);
  return {
    trainer: createClient(TrainerService, transport),
    classifier: createClient(ClassifierService, transport),
    encoder: createClient(EncoderService, transport),
    tenants: createClient(TenantService, transport),
  };
}

let made: { key: string; clients: Clients } | null = null;

/** The clients of whoever is signed in. */
export function clients(): Clients {
  const key = session.current?.key ?? "";
  if (made?.key !== key) made = { key, clients: clientsFor(key) };
  return made.clients;
}
