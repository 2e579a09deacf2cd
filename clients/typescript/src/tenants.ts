import { type MessageInitShape } from "@bufbuild/protobuf";
import { type Client } from "@connectrpc/connect";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { type RpcCaller } from "./calls/caller.js";
import { chunksOf, type FileSource } from "./calls/files.js";
import { pages } from "./calls/pages.js";
import {
  type ApiKey,
  type ApiKeySchema,
  type AuditRecord,
  type CreateApiKeyResponse,
  type DailyUsage,
  type GetLimitsResponse,
  type ImportTenantRequestSchema,
  type ImportTenantResponse,
  type RotateApiKeyResponse,
  type Tenant,
  type TenantQuotasSchema,
  type TenantSchema,
  type TenantService,
  type UpdateTenantRequestSchema,
} from "./gen/taskres/v1/tenants_pb.js";
import { type Cancellation } from "./options.js";

/** Tenants, for the operator's key, and their API keys and audit records. A tenant is given as `tenants/{tenant}`. */
export class TenantsClient {
  /** @internal */
  constructor(
    private readonly rpc: RpcCaller,
    private readonly tenants: Client<typeof TenantService>,
  ) {}

  /** Makes a tenant, by its id and what is set of `tenant`. */
  async create(tenantId: string, { tenant = {}, signal }: { tenant?: MessageInitShape<typeof TenantSchema> } & Cancellation = {}): Promise<Tenant> {
    return (await this.rpc.unary(this.tenants.createTenant, { tenantId, tenant }, signal)).tenant!;
  }

  /** Changes what the request gives; what it leaves unset stays. */
  async update(change: MessageInitShape<typeof UpdateTenantRequestSchema>, { signal }: Cancellation = {}): Promise<Tenant> {
    return (await this.rpc.unary(this.tenants.updateTenant, change, signal)).tenant!;
  }

  /** One tenant. */
  async get(tenant: string, { signal }: Cancellation = {}): Promise<Tenant> {
    return (await this.rpc.unary(this.tenants.getTenant, { name: tenant }, signal)).tenant!;
  }

  /** All tenants by name, read page by page. */
  list({ signal }: Cancellation = {}): AsyncGenerator<Tenant, void, undefined> {
    return pages(async (pageToken) => {
      const { tenants, nextPageToken } = await this.rpc.unary(this.tenants.listTenants, { pageToken }, signal);
      return { items: tenants, nextToken: nextPageToken };
    });
  }

  /** Refuses every call of the tenant's from now on; deletes nothing. */
  async suspend(tenant: string, { signal }: Cancellation = {}): Promise<Tenant> {
    return (await this.rpc.unary(this.tenants.suspendTenant, { name: tenant }, signal)).tenant!;
  }

  /** Lets a suspended tenant go on. */
  async resume(tenant: string, { signal }: Cancellation = {}): Promise<Tenant> {
    return (await this.rpc.unary(this.tenants.resumeTenant, { name: tenant }, signal)).tenant!;
  }

  /** Replaces what was set of the tenant's quotas; fields that are unset are the service's defaults from now on. */
  async updateQuotas(tenant: string, quotas: MessageInitShape<typeof TenantQuotasSchema>, { signal }: Cancellation = {}): Promise<Tenant> {
    return (await this.rpc.unary(this.tenants.updateTenantQuotas, { name: tenant, quotas }, signal)).tenant!;
  }

  /** All that bounds the tenant's calls: the quotas that hold for it, and what a single request may be. */
  getLimits(tenant: string, { signal }: Cancellation = {}): Promise<GetLimitsResponse> {
    return this.rpc.unary(this.tenants.getLimits, { name: tenant }, signal);
  }

  /** What the tenant used on each of the last so many days, 1 to 35, today included; the newest first, some seconds old. */
  async getUsage(tenant: string, { days = 7, signal }: { days?: number } & Cancellation = {}): Promise<DailyUsage[]> {
    return (await this.rpc.unary(this.tenants.getUsage, { name: tenant, days }, signal)).days;
  }

  /** Deletes the tenant with all it has. */
  async delete(tenant: string, { signal }: Cancellation = {}): Promise<void> {
    await this.rpc.unary(this.tenants.deleteTenant, { name: tenant }, signal);
  }

  /** The whole tenant as the pieces of one file. */
  async *export(tenant: string, { signal }: Cancellation = {}): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const { chunk } of this.rpc.download((options) => this.tenants.exportTenant({ name: tenant }, options), signal)) yield chunk;
  }

  /** Makes a tenant of a file that `export` gave, whole or not at all; as `tenants/{tenant}`, or under the name in the file. Under another name the keys are left out. */
  import(source: FileSource, { tenant = "", signal }: { tenant?: string } & Cancellation = {}): Promise<ImportTenantResponse> {
    return this.rpc.uploadOnce(this.tenants.importTenant, parts(), signal);

    async function* parts(): AsyncGenerator<MessageInitShape<typeof ImportTenantRequestSchema>, void, undefined> {
      yield { part: { case: "tenant", value: tenant } };
      for await (const chunk of chunksOf(source)) yield { part: { case: "chunk", value: chunk } };
    }
  }

  /** Makes a key of the tenant. The answer's secret is not shown again; the call is not repeated by itself. */
  createKey(tenant: string, key: MessageInitShape<typeof ApiKeySchema>, { signal }: Cancellation = {}): Promise<CreateApiKeyResponse> {
    return this.rpc.unaryOnce(this.tenants.createApiKey, { parent: tenant, apiKey: key }, signal);
  }

  /** All keys of the tenant, without their secrets. */
  async listKeys(tenant: string, { signal }: Cancellation = {}): Promise<ApiKey[]> {
    return (await this.rpc.unary(this.tenants.listApiKeys, { parent: tenant }, signal)).apiKeys;
  }

  /** Gives the key `tenants/{tenant}/apiKeys/{key}` a new secret; the old one goes on for the overlap. The call is not repeated by itself. */
  rotateKey(key: string, { overlapMs = 0, signal }: { overlapMs?: number } & Cancellation = {}): Promise<RotateApiKeyResponse> {
    return this.rpc.unaryOnce(this.tenants.rotateApiKey, { name: key, overlap: durationFromMs(overlapMs) }, signal);
  }

  /** Ends the key `tenants/{tenant}/apiKeys/{key}`. */
  async deleteKey(key: string, { signal }: Cancellation = {}): Promise<void> {
    await this.rpc.unary(this.tenants.deleteApiKey, { name: key }, signal);
  }

  /** What was changed in the tenant, the newest first, read page by page. */
  listAuditRecords(tenant: string, { signal }: Cancellation = {}): AsyncGenerator<AuditRecord, void, undefined> {
    return pages(async (pageToken) => {
      const { auditRecords, nextPageToken } = await this.rpc.unary(this.tenants.listAuditRecords, { parent: tenant, pageToken }, signal);
      return { items: auditRecords, nextToken: nextPageToken };
    });
  }
}
