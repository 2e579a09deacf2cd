/** How a client reaches its server and for whom it speaks. */
export interface TaskResClientOptions {
  /** Where the services listen: for gRPC from Node (`http://127.0.0.1:5100`), for gRPC-Web from a browser (`http://127.0.0.1:5101`). */
  address?: string;
  /** The tenant whose tasks are meant where a call gives only a task's id, as `tenants/{tenant}`. */
  tenantName?: string;
  /** Sent as a bearer token with every call; unset for servers that ask for none. */
  apiKey?: string;
  /** The deadline of a unary call, its retries included; in milliseconds. Streams have none: they end with their signal. */
  timeoutMs?: number;
  /** How often a call is tried in all while the server is unavailable, and a stream without an answer, 1–5; 1 tries once. */
  maxAttempts?: number;
  /**
   * Whether a call that finds no server, or one that is not ready yet, waits for it in place of failing after `maxAttempts`: a unary
   * call up to its deadline, a stream until its signal.
   */
  waitForReady?: boolean;
  /** How many items of a stream may be under way before the next one waits for an answer, at least 1. */
  maxInFlight?: number;
}

/** Ends a call. */
export interface Cancellation {
  /** Aborted, the call is rejected with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** The options with their defaults. */
export type Settings = Required<Omit<TaskResClientOptions, "apiKey">> & Pick<TaskResClientOptions, "apiKey">;

export function settingsOf(options: TaskResClientOptions, usualAddress: string): Settings {
  const settings: Settings = {
    address: usualAddress,
    tenantName: "tenants/default",
    timeoutMs: 100_000,
    maxAttempts: 4,
    waitForReady: false,
    maxInFlight: 64,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  };
  if (!/^https?:\/\//.test(settings.address)) throw new RangeError(`"${settings.address}" is not an address; write it as http://host:port.`);
  if (!settings.tenantName.startsWith("tenants/")) throw new RangeError(`"${settings.tenantName}" is not of the form tenants/{tenant}.`);
  between("timeoutMs", settings.timeoutMs, Number.MIN_VALUE, Number.MAX_SAFE_INTEGER);
  between("maxAttempts", settings.maxAttempts, 1, 5);
  between("maxInFlight", settings.maxInFlight, 1, Number.MAX_SAFE_INTEGER);
  return settings;
}

function between(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) throw new RangeError(`${name} is ${value}; it must be from ${least} to ${most}.`);
}
