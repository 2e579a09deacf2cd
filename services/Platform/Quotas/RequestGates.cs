using BitFaster.Caching.Lru;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;
using TaskRes.Platform.Usage;

namespace TaskRes.Platform.Quotas;

/// <summary>The gates of the tenants that called lately. One that is forgotten begins anew, its tokens being in Redis.</summary>
/// <param name="redis">Null in a service without it.</param>
internal sealed class RequestGates(QuotaBook book, CacheRedis? redis, UsageLedger usage, TimeProvider time)
{
    private const int Capacity = 10_000;

    private readonly ConcurrentLru<TenantName, RequestGate> _gates = new(Capacity);

    public RequestGate Of(TenantName tenant) => _gates.GetOrAdd(tenant, name => new RequestGate(name, book, new SharedBucket(name, redis, time), usage, time));
}
