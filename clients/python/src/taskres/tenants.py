"""Tenants, their API keys and their audit records."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import timedelta
from typing import BinaryIO

from google.protobuf.duration_pb2 import Duration

from taskres.calls.caller import RpcCaller
from taskres.calls.files import chunks, write
from taskres.calls.loop import LoopThread, Stream
from taskres.calls.pages import pages
from taskres.v1 import tenants_pb2 as v1
from taskres.v1.tenants_pb2_grpc import TenantServiceStub


class AsyncTenantsClient:
    """Tenants, for the operator's key, and their API keys and audit records. A tenant is given as ``tenants/{tenant}``."""

    def __init__(self, rpc: RpcCaller, tenants: TenantServiceStub) -> None:
        self._rpc = rpc
        self._tenants = tenants

    async def create(self, tenant_id: str, tenant: v1.Tenant | None = None) -> v1.Tenant:
        """Makes a tenant, by its id and what is set of ``tenant``."""
        request = v1.CreateTenantRequest(tenant_id=tenant_id, tenant=tenant or v1.Tenant())
        return (await self._rpc.unary(self._tenants.CreateTenant, request)).tenant  # type: ignore[no-any-return]

    async def update(self, change: v1.UpdateTenantRequest) -> v1.Tenant:
        """Changes what the request gives; what it leaves unset stays."""
        return (await self._rpc.unary(self._tenants.UpdateTenant, change)).tenant  # type: ignore[no-any-return]

    async def get(self, tenant: str) -> v1.Tenant:
        """One tenant."""
        return (await self._rpc.unary(self._tenants.GetTenant, v1.GetTenantRequest(name=tenant))).tenant  # type: ignore[no-any-return]

    def list(self) -> AsyncIterator[v1.Tenant]:
        """All tenants by name, read page by page."""

        async def page(token: str) -> tuple[Iterable[v1.Tenant], str]:
            response = await self._rpc.unary(self._tenants.ListTenants, v1.ListTenantsRequest(page_token=token))
            return response.tenants, response.next_page_token

        return pages(page)

    async def suspend(self, tenant: str) -> v1.Tenant:
        """Refuses every call of the tenant's from now on; deletes nothing."""
        return (await self._rpc.unary(self._tenants.SuspendTenant, v1.SuspendTenantRequest(name=tenant))).tenant  # type: ignore[no-any-return]

    async def resume(self, tenant: str) -> v1.Tenant:
        """Lets a suspended tenant go on."""
        return (await self._rpc.unary(self._tenants.ResumeTenant, v1.ResumeTenantRequest(name=tenant))).tenant  # type: ignore[no-any-return]

    async def update_quotas(self, tenant: str, quotas: v1.TenantQuotas) -> v1.Tenant:
        """Replaces what was set of the tenant's quotas; fields that are unset are the service's defaults from now on."""
        request = v1.UpdateTenantQuotasRequest(name=tenant, quotas=quotas)
        return (await self._rpc.unary(self._tenants.UpdateTenantQuotas, request)).tenant  # type: ignore[no-any-return]

    async def get_limits(self, tenant: str) -> v1.GetLimitsResponse:
        """All that bounds the tenant's calls: the quotas that hold for it, and what a single request may be."""
        return await self._rpc.unary(self._tenants.GetLimits, v1.GetLimitsRequest(name=tenant))

    async def get_usage(self, tenant: str, *, days: int = 7) -> Sequence[v1.DailyUsage]:
        """What the tenant used on each of the last so many days, 1 to 35, today included; the newest first, some seconds old."""
        return (await self._rpc.unary(self._tenants.GetUsage, v1.GetUsageRequest(name=tenant, days=days))).days  # type: ignore[no-any-return]

    async def delete(self, tenant: str) -> None:
        """Deletes the tenant with all it has."""
        await self._rpc.unary(self._tenants.DeleteTenant, v1.DeleteTenantRequest(name=tenant))

    async def export(self, tenant: str, destination: BinaryIO) -> None:
        """Writes the whole tenant as one file; it is half written where the call fails."""
        call = self._tenants.ExportTenant(v1.ExportTenantRequest(name=tenant), **self._rpc.call_options())
        async for part in self._rpc.read(call):
            await write(part.chunk, destination)

    async def import_(self, source: BinaryIO, tenant: str = "") -> v1.ImportTenantResponse:
        """Makes a tenant of a file that :meth:`export` wrote, whole or not at all.

        :param tenant: What to restore as, ``tenants/{tenant}``; empty for the name in the file. Under another name the keys are left out.
        """

        async def parts() -> AsyncIterator[v1.ImportTenantRequest]:
            yield v1.ImportTenantRequest(tenant=tenant)
            async for chunk in chunks(source):
                yield v1.ImportTenantRequest(chunk=chunk)

        return await self._rpc.upload(self._tenants.ImportTenant, parts())

    async def create_key(self, tenant: str, key: v1.ApiKey) -> v1.CreateApiKeyResponse:
        """Makes a key of the tenant. The answer's secret is not shown again; the call is not repeated by itself."""
        return await self._rpc.unary_once(self._tenants.CreateApiKey, v1.CreateApiKeyRequest(parent=tenant, api_key=key))

    async def list_keys(self, tenant: str) -> Sequence[v1.ApiKey]:
        """All keys of the tenant, without their secrets."""
        response = await self._rpc.unary(self._tenants.ListApiKeys, v1.ListApiKeysRequest(parent=tenant))
        return list(response.api_keys)

    async def rotate_key(self, key: str, overlap: timedelta = timedelta(0)) -> v1.RotateApiKeyResponse:
        """Gives the key ``tenants/{tenant}/apiKeys/{key}`` a new secret; the old one goes on for the overlap. The call is not repeated by itself."""
        duration = Duration()
        duration.FromTimedelta(overlap)
        return await self._rpc.unary_once(self._tenants.RotateApiKey, v1.RotateApiKeyRequest(name=key, overlap=duration))

    async def delete_key(self, key: str) -> None:
        """Ends the key ``tenants/{tenant}/apiKeys/{key}``."""
        await self._rpc.unary(self._tenants.DeleteApiKey, v1.DeleteApiKeyRequest(name=key))

    def list_audit_records(self, tenant: str) -> AsyncIterator[v1.AuditRecord]:
        """What was changed in the tenant, the newest first, read page by page."""

        async def page(token: str) -> tuple[Iterable[v1.AuditRecord], str]:
            request = v1.ListAuditRecordsRequest(parent=tenant, page_token=token)
            response = await self._rpc.unary(self._tenants.ListAuditRecords, request)
            return response.audit_records, response.next_page_token

        return pages(page)


class TenantsClient:
    """As :class:`AsyncTenantsClient`."""

    def __init__(self, inner: AsyncTenantsClient, loop: LoopThread) -> None:
        self._inner = inner
        self._loop = loop

    def create(self, tenant_id: str, tenant: v1.Tenant | None = None) -> v1.Tenant:
        """As :meth:`AsyncTenantsClient.create`."""
        return self._loop.run(self._inner.create(tenant_id, tenant))

    def update(self, change: v1.UpdateTenantRequest) -> v1.Tenant:
        """As :meth:`AsyncTenantsClient.update`."""
        return self._loop.run(self._inner.update(change))

    def get(self, tenant: str) -> v1.Tenant:
        """As :meth:`AsyncTenantsClient.get`."""
        return self._loop.run(self._inner.get(tenant))

    def list(self) -> Stream[v1.Tenant]:
        """As :meth:`AsyncTenantsClient.list`."""
        return self._loop.iterate(self._inner.list())

    def suspend(self, tenant: str) -> v1.Tenant:
        """As :meth:`AsyncTenantsClient.suspend`."""
        return self._loop.run(self._inner.suspend(tenant))

    def resume(self, tenant: str) -> v1.Tenant:
        """As :meth:`AsyncTenantsClient.resume`."""
        return self._loop.run(self._inner.resume(tenant))

    def update_quotas(self, tenant: str, quotas: v1.TenantQuotas) -> v1.Tenant:
        """As :meth:`AsyncTenantsClient.update_quotas`."""
        return self._loop.run(self._inner.update_quotas(tenant, quotas))

    def get_limits(self, tenant: str) -> v1.GetLimitsResponse:
        """As :meth:`AsyncTenantsClient.get_limits`."""
        return self._loop.run(self._inner.get_limits(tenant))

    def get_usage(self, tenant: str, *, days: int = 7) -> Sequence[v1.DailyUsage]:
        """As :meth:`AsyncTenantsClient.get_usage`."""
        return self._loop.run(self._inner.get_usage(tenant, days=days))

    def delete(self, tenant: str) -> None:
        """As :meth:`AsyncTenantsClient.delete`."""
        self._loop.run(self._inner.delete(tenant))

    def export(self, tenant: str, destination: BinaryIO) -> None:
        """As :meth:`AsyncTenantsClient.export`."""
        self._loop.run(self._inner.export(tenant, destination))

    def import_(self, source: BinaryIO, tenant: str = "") -> v1.ImportTenantResponse:
        """As :meth:`AsyncTenantsClient.import_`."""
        return self._loop.run(self._inner.import_(source, tenant))

    def create_key(self, tenant: str, key: v1.ApiKey) -> v1.CreateApiKeyResponse:
        """As :meth:`AsyncTenantsClient.create_key`."""
        return self._loop.run(self._inner.create_key(tenant, key))

    def list_keys(self, tenant: str) -> Sequence[v1.ApiKey]:
        """As :meth:`AsyncTenantsClient.list_keys`."""
        return self._loop.run(self._inner.list_keys(tenant))

    def rotate_key(self, key: str, overlap: timedelta = timedelta(0)) -> v1.RotateApiKeyResponse:
        """As :meth:`AsyncTenantsClient.rotate_key`."""
        return self._loop.run(self._inner.rotate_key(key, overlap))

    def delete_key(self, key: str) -> None:
        """As :meth:`AsyncTenantsClient.delete_key`."""
        self._loop.run(self._inner.delete_key(key))

    def list_audit_records(self, tenant: str) -> Stream[v1.AuditRecord]:
        """As :meth:`AsyncTenantsClient.list_audit_records`."""
        return self._loop.iterate(self._inner.list_audit_records(tenant))
