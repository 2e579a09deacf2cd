using System.Collections.Concurrent;
using System.Numerics.Tensors;
using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Usage;

/// <summary>What tenants used in this process and is not written yet.</summary>
internal sealed class UsageLedger
{
    // At work between two flushes. What tenants beyond these use is not counted.
    private const int MaxTenants = 10_000;

    private static readonly int Kinds = Enum.GetValues<UsageCount>().Length;

    private readonly ConcurrentDictionary<TenantName, Tally> _tallies = new();

    public void Add(TenantName tenant, UsageCount kind, long amount = 1)
    {
        if (amount == 0) return;
        Span<long> amounts = stackalloc long[Kinds];
        amounts[(int)kind] = amount;
        Add(tenant, amounts);
    }

    public void Add(TenantName tenant, UsageCount microseconds, TimeSpan time) => Add(tenant, microseconds, (long)time.TotalMicroseconds);

    /// <summary>By the tier that each came from. A digest that is not known yet is a question, and counts with its answer.</summary>
    public void Add(TenantName tenant, IReadOnlyList<EmbeddingResult> results)
    {
        Span<long> amounts = stackalloc long[Kinds];
        for (var i = 0; i < results.Count; i++)
            if (results[i].Error is not { Reason: ErrorReason.ImageBytesRequired }) amounts[(int)KindOf(results[i].Tier)]++;
        Add(tenant, amounts);
    }

    /// <summary>What was counted since the last call, by the kinds' order.</summary>
    public IReadOnlyList<(TenantName Tenant, long[] Amounts)> Take()
    {
        var taken = new List<(TenantName, long[])>();
        foreach (var (tenant, tally) in _tallies)
        {
            if (tally.Take() is { } amounts) taken.Add((tenant, amounts));
            else _tallies.TryRemove(new(tenant, tally));
        }

        return taken;
    }

    private void Add(TenantName tenant, ReadOnlySpan<long> amounts)
    {
        if (amounts.ContainsAnyExcept(0))
            while (TallyOf(tenant) is { } tally && !tally.TryAdd(amounts)) { }
    }

    private Tally? TallyOf(TenantName tenant) =>
        _tallies.TryGetValue(tenant, out var tally) ? tally : _tallies.Count < MaxTenants ? _tallies.GetOrAdd(tenant, _ => new Tally()) : null;

    private static UsageCount KindOf(EmbeddingTier tier) => tier switch
    {
        EmbeddingTier.Memory => UsageCount.Memory,
        EmbeddingTier.Redis => UsageCount.Redis,
        EmbeddingTier.Encoder => UsageCount.Encoder,
        _ => UsageCount.Failed,
    };

    private sealed class Tally
    {
        private readonly Lock _gate = new();
        private readonly long[] _amounts = new long[Kinds];
        private bool _isClosed;

        /// <summary>False once it is closed: there is, or will be, another.</summary>
        public bool TryAdd(ReadOnlySpan<long> amounts)
        {
            lock (_gate)
            {
                if (!_isClosed) TensorPrimitives.Add(_amounts, amounts, _amounts);
                return !_isClosed;
            }
        }

        /// <summary>Null where nothing was counted since the last call: it is closed then.</summary>
        public long[]? Take()
        {
            lock (_gate)
            {
                _isClosed = !_amounts.AsSpan().ContainsAnyExcept(0);
                if (_isClosed) return null;
                long[] taken = [.. _amounts];
                _amounts.AsSpan().Clear();
                return taken;
            }
        }
    }
}
