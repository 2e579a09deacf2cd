import { Code, ConnectError } from "@connectrpc/connect";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { TaskResError } from "../errors.js";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../gen/google/rpc/error_details_pb.js";
import { ErrorReason } from "../gen/taskres/v1/errors_pb.js";

const DOMAIN = "taskres";

// Node's codes for a connection that is not there, or no more.
const LOST = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE", "ERR_STREAM_DESTROYED", "ERR_HTTP2_INVALID_STREAM", "ERR_HTTP2_INVALID_SESSION"]);

/** From the details of google.rpc.Status (AIP-193) to the SDK's error. */
export function decodeError(thrown: unknown, address: string): TaskResError {
  if (thrown instanceof TaskResError) return thrown;
  const error = ConnectError.from(thrown);
  const info = error.findDetails(ErrorInfoSchema)[0];
  const reason = info?.domain === DOMAIN ? reasonOf(info.reason) : ErrorReason.UNSPECIFIED;
  const code = isBroken(error, info !== undefined) ? Code.Unavailable : error.code;
  const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  return new TaskResError(
    messageOf(error, code, reason, address),
    {
      reason,
      code,
      fieldViolations: error.findDetails(BadRequestSchema).flatMap((details) => details.fieldViolations.map(({ field, description }) => ({ field, description }))),
      metadata: info ? { ...info.metadata } : {},
      retryAfterMs: delay && durationMs(delay),
    },
    thrown,
  );
}

/** A reason of a newer server is unspecified here. */
function reasonOf(name: string): ErrorReason {
  return (ErrorReason as unknown as Record<string, ErrorReason | undefined>)[name] ?? ErrorReason.UNSPECIFIED;
}

/** gRPC calls a lost connection UNAVAILABLE; Connect says which of its own failures it was. */
function isBroken(error: ConnectError, answered: boolean): boolean {
  if (answered) return false;
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    // fetch rejects with a TypeError where there is no connection, or where it broke.
    if (cause instanceof TypeError || LOST.has((cause as Error & { code?: string }).code ?? "")) return true;
  }
  // What a stream cut short lacks, and what Node says of those of a connection that is gone. An aborted signal was seen before.
  return /missing (trailer|status)|http\/2 stream closed with error code (NO_ERROR|CANCEL)/.test(error.rawMessage);
}

function messageOf(error: ConnectError, code: Code, reason: ErrorReason, address: string): string {
  if (reason !== ErrorReason.UNSPECIFIED) return error.rawMessage;
  switch (code) {
    case Code.Unavailable:
      return `No server answers at ${address} (${error.rawMessage.replace(/\.$/, "")}). Start a server, or give the address of one that runs.`;
    case Code.DeadlineExceeded:
      return `The server at ${address} did not answer in time. Try again, or allow more time.`;
    case Code.Unimplemented:
      return `The server at ${address} does not know this call: it is another service, or of another version.`;
    default:
      return `The server at ${address} answered ${Code[code]}: ${error.rawMessage}`;
  }
}
