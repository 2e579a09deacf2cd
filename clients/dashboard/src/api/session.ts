/** Who is signed in: the key, the tenant that is looked at, and what the key was found to allow. Gone with the tab. */
export interface Session {
  key: string;
  tenant: string;
  /** The operator's key: every tenant, and the metrics. */
  operates: boolean;
  /** Manages the tenant's keys and reads its audit records. */
  administers: boolean;
  /** Reads all of the tenant's tasks. Without it the key may still be for some tasks, or for classifying alone. */
  reads: boolean;
}

const storageKey = "taskres.session";
const listeners = new Set<() => void>();
let current: Session | null = read();
let farewell: string | null = null;

export const session = {
  get current() {
    return current;
  },

  /** Why the last session ended by itself; null where its owner ended it. */
  get farewell() {
    return farewell;
  },

  begin(next: Session) {
    current = next;
    farewell = null;
    sessionStorage.setItem(storageKey, JSON.stringify(next));
    tell();
  },

  choose(tenant: string) {
    if (current) session.begin({ ...current, tenant });
  },

  end(why: string | null = null) {
    if (!current) return;
    current = null;
    farewell = why;
    sessionStorage.clear();
    tell();
  },

  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

function read(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? "null");
  } catch {
    return null;
  }
}

function tell() {
  for (const listener of listeners) listener();
}
