using System.Collections.Concurrent;
using BitFaster.Caching.Lfu;
using TaskRes.Core;

namespace TaskRes.Platform.Embeddings;

/// <summary>
/// The embeddings of one encoder model in memory, and those on their way. The frequently asked stay (W-TinyLFU), so that a
/// long scan does not push them out.
/// </summary>
internal sealed class EmbeddingMemory(EncoderModel model, MemoryCacheOptions options)
{
    // Node, key, digest, result and array headers beside the values.
    private const int EntryOverhead = 280;
    private const int MinEntries = 16;

    private readonly ConcurrentLfu<Key, EmbeddingResult> _embeddings = new(Capacity(model, options));
    private readonly ConcurrentDictionary<Key, TaskCompletionSource<Flight?>> _flights = new();

    public EncoderModel Model => model;

    public int Count => _embeddings.Count;

    public EmbeddingResult? Find(Key key) => _embeddings.TryGet(key, out var result) ? result : null;

    /// <summary>True where the caller is the first to ask and must <see cref="Land"/>; else somebody's flight to wait for.</summary>
    public bool TakeOff(Key key, out Task<Flight?> flight)
    {
        var own = new TaskCompletionSource<Flight?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var taken = _flights.GetOrAdd(key, own);
        flight = taken.Task;
        return taken == own;
    }

    /// <param name="key">That of the flight.</param>
    /// <param name="flight">Null where the caller gave up: who waits asks again.</param>
    public void Land(Key key, Flight? flight)
    {
        // Kept before the flight is gone, so that nobody finds neither.
        if (flight is { Result: { Error: null, Values: var values } }) _embeddings.AddOrUpdate(key, EmbeddingResult.Of(values, EmbeddingTier.Memory));
        if (_flights.TryRemove(key, out var waiting)) waiting.SetResult(flight);
    }

    /// <summary>Ends a flight with the failure of the whole call.</summary>
    public void Crash(Key key, TaskResException exception)
    {
        if (!_flights.TryRemove(key, out var waiting)) return;
        waiting.SetException(exception);
        // Observed here: there may be nobody who waits.
        _ = waiting.Task.Exception;
    }

    private static int Capacity(EncoderModel model, MemoryCacheOptions options) => (int)Math.Clamp(
        options.MaxBytes / ((model.EmbeddingDimension * sizeof(float)) + EntryOverhead), MinEntries, Math.Max(MinEntries, options.MaxEntries));

    /// <summary>The scope is a part of the key: nobody beyond it sees, by answer or by time, what was asked within.</summary>
    internal readonly record struct Key(EmbeddingScope Scope, bool IsImage, Sha256Digest Digest, int View)
    {
        public static Key Of(EmbeddingScope scope, EmbeddingInput input) => new(scope, input is ImageInput, input.Digest, input.View);
    }

    internal sealed record Flight(EmbeddingResult Result, StageTimes Times);
}
