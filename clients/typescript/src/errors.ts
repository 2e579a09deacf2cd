import { Code } from "@connectrpc/connect";
import { ErrorReason } from "./gen/taskres/v1/errors_pb.js";

/** A field of a request, such as `task.class_names[3]`, and what is wrong with it. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** What a `TaskResError` is made of. */
export interface ErrorFacts {
  readonly reason: ErrorReason;
  readonly code: Code;
  readonly fieldViolations: readonly FieldViolation[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;
}

/** A call that the server refused, or that could not reach it. The message says what is wrong and what to do. */
export class TaskResError extends Error implements ErrorFacts {
  override readonly name = "TaskResError";
  /** Why, as the server says; unspecified where no TaskRes server answered. */
  readonly reason: ErrorReason;
  /** The status of the call as gRPC has it. */
  readonly code: Code;
  /** The fields of the request that are at fault. */
  readonly fieldViolations: readonly FieldViolation[];
  /** The variables of the message by name. */
  readonly metadata: Readonly<Record<string, string>>;
  /** How long to wait before the same call may succeed, in milliseconds; undefined where waiting does not help. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, facts: Partial<ErrorFacts> & Pick<ErrorFacts, "code">, cause?: unknown) {
    super(message, { cause });
    this.code = facts.code;
    this.reason = facts.reason ?? ErrorReason.UNSPECIFIED;
    this.fieldViolations = facts.fieldViolations ?? [];
    this.metadata = facts.metadata ?? {};
    this.retryAfterMs = facts.retryAfterMs;
  }

  /** The reason's name: `TASK_NOT_FOUND`. */
  get reasonName(): string {
    return ErrorReason[this.reason] ?? "UNSPECIFIED";
  }
}
