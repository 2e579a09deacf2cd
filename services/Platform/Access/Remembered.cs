using BitFaster.Caching.Lru;
using TaskRes.Core;

namespace TaskRes.Platform.Access;

/// <summary>
/// What the registry said of a key or a tenant, believed for a moment; longer while the registry is away, so that those who
/// were let in before go on. That something does not exist is not remembered: it may be made at any time.
/// </summary>
internal sealed class Remembered<TName, TRecord>(Func<TName, CancellationToken, Task<TRecord?>> find, AccessOptions options, TimeProvider time)
    where TName : notnull
    where TRecord : class
{
    private const int Capacity = 10_000;

    private readonly ConcurrentLru<TName, Entry> _entries = new(Capacity);

    public async ValueTask<TRecord?> FindAsync(TName name, CancellationToken cancellationToken)
    {
        var known = _entries.TryGet(name, out var entry) ? entry : null;
        if (known is not null && time.GetElapsedTime(known.At) < options.Freshness) return known.Record;
        try
        {
            var found = await find(name, cancellationToken);
            if (found is null) _entries.TryRemove(name);
            else _entries.AddOrUpdate(name, new Entry(found, time.GetTimestamp()));
            return found;
        }
        catch (TaskResException exception) when (exception.Reason == ErrorReason.RegistryUnavailable && known is not null && time.GetElapsedTime(known.At) < options.Grace)
        {
            return known.Record;
        }
    }

    private sealed record Entry(TRecord Record, long At);
}
