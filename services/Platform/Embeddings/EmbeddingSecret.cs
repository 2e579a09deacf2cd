using System.Security.Cryptography;
using System.Text;
using BitFaster.Caching.Lru;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Redis;

namespace TaskRes.Platform.Embeddings;

/// <summary>
/// What the digests in the cache's key names are keyed with, so that neither who sees the names nor who asks the cache's Redis
/// for some learns whether an image was seen. All services of a fleet derive the same keys: from a random value that the first
/// of them puts into the registry, and from the service key where there is one, so that to read the registry is not enough.
/// Another service key, or a registry that lost its value, makes the cache cold and nothing else.
/// </summary>
internal sealed class EmbeddingSecret
{
    private const int Length = 32;
    private const int RememberedScopes = 10_000;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly RegistryRedis _redis;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly byte[] _serviceKey;
    private readonly Lock _gate = new();
    private Asking? _asking;

    public EmbeddingSecret(RegistryRedis redis, IOptions<RedisOptions> options, IOptions<AccessOptions> access, TimeProvider time)
    {
        (_redis, _time, _patience) = (redis, time, options.Value.CacheTimeout);
        _serviceKey = Encoding.UTF8.GetBytes(access.Value.ServiceKey);
        // A registry that comes back may be another one.
        redis.Restored += Forget;
        Ask();
    }

    /// <summary>The HMAC key of a scope, unrelated to any other's; null while the registry has not told, which is waited for no longer than the cache is.</summary>
    public async ValueTask<byte[]?> KeyOfAsync(EmbeddingScope scope, CancellationToken cancellationToken)
    {
        var asking = Ask();
        return await ReadAsync(asking, cancellationToken) is { } secret ? asking.Keys.GetOrAdd(scope, Derive, secret) : null;
    }

    private byte[] Derive(EmbeddingScope scope, byte[] secret) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, [.. secret, .. _serviceKey], Length, info: Encoding.UTF8.GetBytes($"{scope}"));

    private async ValueTask<byte[]?> ReadAsync(Asking asking, CancellationToken cancellationToken)
    {
        if (asking.Secret.IsCompleted) return await asking.Secret;
        var left = _patience - _time.GetElapsedTime(asking.Since);
        if (left <= TimeSpan.Zero) return null;
        try
        {
            return await asking.Secret.WaitAsync(left, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private Asking Ask()
    {
        lock (_gate)
        {
            var failed = _asking is { Secret: { IsCompleted: true, Result: null } };
            if (_asking is null || (failed && _time.GetElapsedTime(_asking.Since) >= Retry)) _asking = new Asking(Task.Run(AskAsync), _time.GetTimestamp());
            return _asking;
        }
    }

    private void Forget()
    {
        lock (_gate) _asking = null;
    }

    // For all who wait, so under no single caller's token. Null where the registry does not answer.
    private async Task<byte[]?> AskAsync()
    {
        try
        {
            var secret = (byte[]?)await _redis.RunAsync("embedding secret", async database =>
            {
                await database.StringSetAsync(RedisKeys.EmbeddingSecret, RandomNumberGenerator.GetBytes(Length), when: StackExchange.Redis.When.NotExists);
                return await database.StringGetAsync(RedisKeys.EmbeddingSecret);
            }, CancellationToken.None);
            return secret is { Length: Length } ? secret : null;
        }
        catch (TaskResException)
        {
            // Logged where it arose.
            return null;
        }
    }

    private sealed record Asking(Task<byte[]?> Secret, long Since)
    {
        public ConcurrentLru<EmbeddingScope, byte[]> Keys { get; } = new(RememberedScopes);
    }
}
