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

        var misses = Enumerable.Range(0, inputs.Count).Where(index => results[index] is null).ToArray();
        if (misses.Length == 0) return new EmbeddingBatch(results!, StageTimes.Zero with { Cache = lookup });
        var computed = await inner.EmbedAsync(caller, Array.ConvertAll(misses, index => inputs[index]), cancellationToken);
        foreach (var (index, result) in misses.Zip(computed.Results)) results[index] = result;

        // The model may have changed since the keys were made.
        if (await inner.GetModelAsync(cancellationToken) == model) await WriteAsync(misses.Zip(computed.Results, (index, result) => (keys[index], result)), cancellationToken);
        return new EmbeddingBatch(results!, computed.Times with { Cache = computed.Times.Cache + lookup });
    }

    private async Task<EmbeddingResult?[]> ReadAsync(RedisKey[] keys, int dimension, CancellationToken cancellationToken)
    {
        var results = new List<EmbeddingResult?>(keys.Length);
        foreach (var some in keys.Chunk(KeysAtOnce))
        {
            var values = await redis.TryAsync("read embeddings", database => database.StringGetAsync(some), cancellationToken);
            results.AddRange(values?.Select(value => Read(value, dimension)) ?? new EmbeddingResult?[some.Length]);
        }

        return [.. results];
    }

    private static EmbeddingResult? Read(RedisValue value, int dimension) =>
        !value.IsNull && FloatBytes.Read(((ReadOnlyMemory<byte>)value).Span) is { } values && values.Length == dimension
            ? EmbeddingResult.Of(values, EmbeddingTier.Redis)
            : null;

    // Waited for, so that the next service finds it, but no longer than the cache's timeout.
    private async Task WriteAsync(IEnumerable<(RedisKey Key, EmbeddingResult Result)> embeddings, CancellationToken cancellationToken)
    {
        foreach (var some in embeddings.Where(embedding => embedding.Result.Error is null).Chunk(KeysAtOnce))
            await redis.TryAsync("write embeddings", database => Task.WhenAll(some.Select(embedding =>
                database.StringSetAsync(embedding.Key, FloatBytes.Write(embedding.Result.Values), timeToLive))), cancellationToken);
    }
}
