import { Code, ConnectError } from "@connectrpc/connect";
import { type Clients, clientsFor } from "../api/clients";
import { tenantName } from "../api/names";
import { type Session } from "../api/session";

/** Finds out whose key it is and what it allows, by asking for what only some keys may read. Throws where it is no good. */
export async function identify(key: string): Promise<Session> {
  const clients = clientsFor(key);
  const [operates, tenant] = [await allows(() => clients.tenants.listTenants({ pageSize: 1 })), tenantOf(key)];
  if (operates) return { key, tenant: await firstTenant(clients), operates, administers: true, reads: true };
  if (!tenant) throw new Error("This key is good, and names no tenant: use a tenant's key, or the operator's.");
  const parent = tenantName(tenant);
  const [reads, administers] = await Promise.all([
    allows(() => clients.trainer.listTasks({ parent, pageSize: 1 })),
    allows(() => clients.tenants.listApiKeys({ parent })),
  ]);
  return { key, tenant, operates, administers, reads };
}

/** A key is tr_{tenant}_{id}_{secret}; a token has its tenant in a claim. Null for the operator's key, which has none. */
export function tenantOf(key: string): string | null {
  const parts = key.split("_");
  if (parts.length === 4 && parts[0] === "tr") return parts[1]!;
  try {
    const claims = key.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(claims)).tenant ?? null;
  } catch {
    return null;
  }
}

async function firstTenant(clients: Clients): Promise<string> {
  const { tenants } = await clients.tenants.listTenants({ pageSize: 500 });
  const ids = tenants.map(({ name }) => name.split("/")[1]!);
  return ids.includes("default") ? "default" : (ids[0] ?? "default");
}

async function allows(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof ConnectError && error.code === Code.PermissionDenied) return false;
    throw error;
  }
}
