import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema, RetryInfoSchema } from "../gen/google/rpc/error_details_pb";
import { session } from "./session";

/** An error as people read it. */
export interface Fault {
  /** Such as QUOTA_EXCEEDED; empty where the server gave none. */
  reason: string;
  message: string;
  /** After how many seconds the server wants to be asked again. */
  retrySeconds: number | null;
}

export function faultOf(error: unknown): Fault {
  if (error instanceof TypeError && /fetch/i.test(error.message)) return unreachable;
  if (!(error instanceof ConnectError)) return { reason: "", message: error instanceof Error ? error.message : String(error), retrySeconds: null };
  if (error.code === Code.Unavailable && error.details.length === 0) return unreachable;
  const info = error.findDetails(ErrorInfoSchema)[0];
  if (info?.reason === "UNAUTHENTICATED") return { reason: info.reason, message: "This key is unknown, has expired, or was revoked.", retrySeconds: null };
  const retry = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  return {
    reason: info?.reason ?? "",
    message: error.rawMessage || Code[error.code],
    retrySeconds: retry ? Number(retry.seconds) + retry.nanos / 1e9 : null,
  };
}

export function hasReason(error: unknown, reason: string): boolean {
  return faultOf(error).reason === reason;
}

/** Nobody asked for the result any more. */
export function isAbort(error: unknown): boolean {
  return (error instanceof DOMException && error.name === "AbortError") || (error instanceof ConnectError && error.code === Code.Canceled && error.details.length === 0);
}

/** A key that was revoked, has expired or was rotated ends the session. */
export function endSessionIfRefused(error: unknown) {
  if (error instanceof ConnectError && error.code === Code.Unauthenticated)
    session.end("Your key is no longer accepted. Sign in with another.");
}

const unreachable: Fault = { reason: "", message: "The server does not answer. It may be starting, or stopped.", retrySeconds: null };
