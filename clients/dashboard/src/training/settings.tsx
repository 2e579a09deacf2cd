import { type MessageInitShape } from "@bufbuild/protobuf";
import { clients } from "../api/clients";
import { lastPart } from "../api/names";
import { PromotionPolicy, type TrainingSettingsSchema } from "../gen/taskres/v1/trainer_pb";
import { newRequestId } from "../tasks/TaskCreation";
import { Check, Field } from "../ui/Field";

/** What a job is started with; null is the service's default. */
export interface TrainingChoices {
  alpha: number | null;
  epochs: number | null;
  learningRate: number | null;
  promote: boolean;
}

export const usualChoices: TrainingChoices = { alpha: null, epochs: null, learningRate: null, promote: true };

/** Queues a job, and gives its name. */
export async function startJob(task: string, choices: TrainingChoices): Promise<string> {
  const settings: MessageInitShape<typeof TrainingSettingsSchema> = {
    alpha: choices.alpha ?? undefined,
    epochs: choices.epochs ?? 0,
    learningRate: choices.learningRate ?? undefined,
  };
  const promotion = choices.promote ? PromotionPolicy.ON_SUCCESS : PromotionPolicy.MANUAL;
  const { job } = await clients().trainer.trainTask({ task, settings, promotion, requestId: newRequestId() });
  return job!.name;
}

/** The page of a job. */
export const jobPath = (job: string) => `/tasks/${job.split("/")[3]}/jobs/${lastPart(job)}`;

export function SettingsFields({ choices, onChange }: { choices: TrainingChoices; onChange: (choices: TrainingChoices) => void }) {
  const number = (key: "alpha" | "epochs" | "learningRate") => (event: Event) => {
    const { valueAsNumber } = event.currentTarget as HTMLInputElement;
    onChange({ ...choices, [key]: Number.isNaN(valueAsNumber) ? null : valueAsNumber });
  };
  return (
    <>
      <Check label="Promote when it is done" hint="Otherwise the revision is kept and waits." checked={choices.promote} onChange={(promote) => onChange({ ...choices, promote })} />
      <details>
        <summary>Settings of the method</summary>
        <div class="row">
          <Field label="α" hint="How much the residual counts.">
            <input type="number" min="0.01" max="10" step="0.01" placeholder="0.5" value={choices.alpha ?? ""} onInput={number("alpha")} />
          </Field>
          <Field label="Epochs" hint="By the images of a class.">
            <input type="number" min="1" max="10000" placeholder="100 or 200" value={choices.epochs ?? ""} onInput={number("epochs")} />
          </Field>
          <Field label="Learning rate" hint="Adam's, at its peak.">
            <input type="number" min="0.00001" max="1" step="any" placeholder="0.002" value={choices.learningRate ?? ""} onInput={number("learningRate")} />
          </Field>
        </div>
      </details>
    </>
  );
}
