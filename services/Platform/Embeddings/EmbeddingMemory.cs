using System.Collections.Concurrent;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;
using TaskRes.Core;

namespace TaskRes.Platform.Embeddings;

/// <summary>
/// The embeddings of one encoder model in memory, and those on their way. The frequently asked stay (W-TinyLFU), so that a
/// long scan does not push them out.
/// </summary>
internal sealed class EmbeddingMemory(EncoderModel model, MemoryCacheOptions options, TimeProvider time)
{
    // Node, key, digest, result and array headers beside the values.
    private const int EntryOverhead = 280;
    private const int MinEntries = 16;
    private const int MaxRefusals = 10_000;

    private readonly ConcurrentLfu<Key, EmbeddingResult>? _embeddings = options.MaxEntries == 0 ? null : new(Capacity(model, options));
    private readonly ConcurrentLru<Key, Refusal> _refusals = new(MaxRefusals);
    private readonly ConcurrentDictionary<Key, TaskCompletionSource<Flight?>> _flights = new();

    public EncoderModel Model => model;

    public int Count => _embeddings?.Count ?? 0;

    /// <summary>The embedding, or why there can be none; null where it is not known.</summary>
    public EmbeddingResult? Find(Key key)
    {
        if (_embeddings is not null && _embeddings.TryGet(key, out var result)) return result;
        return _refusals.TryGet(key.OfAnyView, out var refusal) && time.GetElapsedTime(refusal.At) < options.RefusalTime ? refusal.Result : null;
    }

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
        if (flight is { Result: { Error: null, Values: var values } }) _embeddings?.AddOrUpdate(key, EmbeddingResult.Of(values, EmbeddingTier.Memory));
        else if (flight is { Result.Error.Reason: ErrorReason.ImageUnreadable or ErrorReason.ImageTooLarge }) _refusals.AddOrUpdate(key.OfAnyView, new Refusal(flight.Result, time.GetTimestamp()));
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
        /// <summary>What is wrong with an image is wrong with each view of it.</summary>
        public Key OfAnyView => this with { View = 0 };

        public static Key Of(EmbeddingScope scope, EmbeddingInput input) => new(scope, input is ImageInput, input.Digest, input.View);
    }

    // Of the image itself, so that it would be refused each time; what may pass is never kept.
    private sealed record Refusal(EmbeddingResult Result, long At);

    internal sealed record Flight(EmbeddingResult Result, StageTimes Times);
}
