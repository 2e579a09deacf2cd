using System.Collections.Concurrent;
using BitFaster.Caching.Lfu;
using TaskRes.Core;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Embeddings;

/// <summary>
/// The embeddings of one encoder model in memory, and those on their way. The frequently asked stay (W-TinyLFU), so that a
/// long scan does not push them out.
/// </summary>
internal sealed class EmbeddingMemory(EncoderModel model, MemoryCacheOptions options)
{
    // Node, key, digest and array headers beside the values.
    private const int EntryOverhead = 240;
    private const int MinEntries = 16;

    private readonly ConcurrentLfu<Key, float[]> embeddings = new(Capacity(model, options));
    private readonly ConcurrentDictionary<Key, TaskCompletionSource<Flight?>> flights = new();

    public EncoderModel Model => model;

    public int Count => embeddings.Count;

    public float[]? Find(Key key) => embeddings.TryGet(key, out var values) ? values : null;

    /// <summary>True where the caller is the first to ask and must <see cref="Land"/>; else somebody's flight to wait for.</summary>
    public bool TakeOff(Key key, out Task<Flight?> flight)
    {
        var own = new TaskCompletionSource<Flight?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var taken = flights.GetOrAdd(key, own);
        flight = taken.Task;
        return taken == own;
    }

    /// <param name="key">That of the flight.</param>
    /// <param name="flight">Null where the caller gave up: who waits asks again.</param>
    public void Land(Key key, Flight? flight)
    {
        // Kept before the flight is gone, so that nobody finds neither.
        if (flight is { Result: { Error: null, Values: var values } }) embeddings.AddOrUpdate(key, values);
        if (flights.TryRemove(key, out var waiting)) waiting.SetResult(flight);
    }

    /// <summary>Ends a flight with the failure of the whole call.</summary>
    public void Crash(Key key, TaskResException exception)
    {
        if (!flights.TryRemove(key, out var waiting)) return;
        waiting.SetException(exception);
        // Observed here: there may be nobody who waits.
        _ = waiting.Task.Exception;
    }

    private static int Capacity(EncoderModel model, MemoryCacheOptions options) => (int)Math.Clamp(
        options.MaxBytes / ((model.EmbeddingDimension * sizeof(float)) + EntryOverhead), MinEntries, Math.Max(MinEntries, options.MaxEntries));

    /// <summary>The tenant is a part of the key: nobody sees, by answer or by time, what another has asked.</summary>
    internal readonly record struct Key(TenantName Tenant, bool IsImage, Sha256Digest Digest, int View)
    {
        public static Key Of(TenantName tenant, EmbeddingInput input) => new(tenant, input is ImageInput, input.Digest, input.View);
    }

    internal sealed record Flight(EmbeddingResult Result, StageTimes Times);
}
