using BitFaster.Caching.Lru;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Access;

/// <summary>
/// What the operator has set for each tenant. It is believed for <see cref="AccessOptions.Freshness"/>, and for as long as the
/// registry is away; that a tenant has no record, as it may be with access off, is known in the same way.
/// </summary>
/// <param name="find">Reads a tenant's record; null where there is none.</param>
internal sealed class TenantBook(Func<TenantName, CancellationToken, Task<TenantRecord?>> find, IOptions<AccessOptions> access, TimeProvider time)
{
    private const int Capacity = 10_000;

    private readonly ConcurrentLru<TenantName, Entry> _entries = new(Capacity);

    /// <summary>Null where the tenant has no record, or where nothing is known of it while the registry is away.</summary>
    public async ValueTask<TenantRecord?> FindAsync(TenantName tenant, CancellationToken cancellationToken)
    {
        var known = _entries.TryGet(tenant, out var entry) ? entry : null;
        if (known is not null && time.GetElapsedTime(known.At) < access.Value.Freshness) return known.Record;
        // One caller asks; those that come meanwhile go on with what is known.
        if (known is not null) _entries.AddOrUpdate(tenant, known with { At = time.GetTimestamp() });
        try
        {
            var record = await find(tenant, cancellationToken);
            _entries.AddOrUpdate(tenant, new Entry(record, time.GetTimestamp()));
            return record;
        }
        catch (TaskResException exception) when (exception.Reason == ErrorReason.RegistryUnavailable)
        {
            // Whether the call can do without the registry is the call's own affair.
            return known?.Record;
        }
    }

    /// <summary>Reads the tenant's record anew at the next call; other processes do within <see cref="AccessOptions.Freshness"/>.</summary>
    public void Forget(TenantName tenant) => _entries.TryRemove(tenant);

    private sealed record Entry(TenantRecord? Record, long At);
}
