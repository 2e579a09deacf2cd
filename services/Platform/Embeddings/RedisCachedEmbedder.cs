using System.Diagnostics;
using StackExchange.Redis;
using TaskRes.Platform.Redis;

namespace TaskRes.Platform.Embeddings;

/// <summary>The tier that services share. What it holds is believed only where it is of the right length and finite.</summary>
internal sealed class RedisCachedEmbedder(IEmbedder inner, CacheRedis redis, EmbeddingScopes scopes, EmbeddingSecret secret, TimeSpan timeToLive) : IEmbedder
{
    // Neither a reply nor a write grows with the call.
    private const int KeysAtOnce = 256;

    public ValueTask<EncoderModel> GetModelAsync(CancellationToken cancellationToken) => inner.GetModelAsync(cancellationToken);

    public async Task<EmbeddingBatch> EmbedAsync(EmbeddingCaller caller, IReadOnlyList<EmbeddingInput> inputs, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var scope = await scopes.OfAsync(caller.Tenant, cancellationToken);
        // Without it no name is known, and what is there cannot be found.
        if (await secret.KeyOfAsync(scope, cancellationToken) is not { } key) return await inner.EmbedAsync(caller, inputs, cancellationToken);
        var model = await inner.GetModelAsync(cancellationToken);
        var keys = inputs.Select(input => RedisKeys.Embedding(scope, key, model, input)).ToArray();
        var results = await ReadAsync(keys, model.EmbeddingDimension, cancellationToken);
        var lookup = Stopwatch.GetElapsedTime(start);

        if (!results.Contains(null)) return new EmbeddingBatch(results!, StageTimes.Zero with { Cache = lookup });
        var misses = Enumerable.Range(0, inputs.Count).Where(index => results[index] is null).ToArray();
        var computed = await inner.EmbedAsync(caller, Array.ConvertAll(misses, index => inputs[index]), cancellationToken);
        foreach (var (index, result) in misses.Zip(computed.Results)) results[index] = result;

        // The model may have changed since the keys were made.
        if (await inner.GetModelAsync(cancellationToken) == model) await WriteAsync(misses.Zip(computed.Results, (index, result) => (keys[index], result)), cancellationToken);
        return new EmbeddingBatch(results!, computed.Times with { Cache = computed.Times.Cache + lookup });
    }

    private async Task<EmbeddingResult?[]> ReadAsync(RedisKey[] keys, int dimension, CancellationToken cancellationToken)
    {
        var results = new EmbeddingResult?[keys.Length];
        for (var first = 0; first < keys.Length; first += KeysAtOnce)
        {
            var some = keys[first..Math.Min(first + KeysAtOnce, keys.Length)];
            if (await redis.TryAsync("read embeddings", database => database.StringGetAsync(some), cancellationToken) is not { } values) continue;
            for (var i = 0; i < values.Length; i++) results[first + i] = Read(values[i], dimension);
        }

        return results;
    }

    private static EmbeddingResult? Read(RedisValue value, int dimension) =>
        !value.IsNull && FloatBytes.Read(((ReadOnlyMemory<byte>)value).Span) is { } values && values.Length == dimension
            ? EmbeddingResult.Of(values, EmbeddingTier.Redis)
            : null;

    // Waited for, so that the client's next call finds it whichever service that goes to, but no longer than the cache's timeout:
    // a round trip beside a forward pass.
    private async Task WriteAsync(IEnumerable<(RedisKey Key, EmbeddingResult Result)> embeddings, CancellationToken cancellationToken)
    {
        foreach (var some in embeddings.Where(embedding => embedding.Result.Error is null).Chunk(KeysAtOnce))
            await redis.TryAsync("write embeddings", database => Task.WhenAll(some.Select(embedding =>
                database.StringSetAsync(embedding.Key, FloatBytes.Write(embedding.Result.Values), timeToLive))), cancellationToken);
    }
}
