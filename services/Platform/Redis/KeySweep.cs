using StackExchange.Redis;

namespace TaskRes.Platform.Redis;

/// <summary>Deletes all keys of a pattern, on every server of a cluster.</summary>
internal static class KeySweep
{
    private const int Batch = 500;

    /// <param name="keep">The one key that stays.</param>
    /// <returns>How many keys there were; a scan may miss keys that are written meanwhile, so sweep until there were none.</returns>
    public static async Task<int> DeleteAsync(IConnectionMultiplexer multiplexer, RedisValue pattern, RedisKey keep, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var server in multiplexer.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }))
            await foreach (var keys in server.KeysAsync(pattern: pattern, pageSize: Batch).Chunk(Batch).WithCancellation(cancellationToken))
            {
                var swept = keys.Where(key => key != keep).ToArray();
                if (swept.Length > 0) await multiplexer.GetDatabase().KeyDeleteAsync(swept);
                count += swept.Length;
            }

        return count;
    }
}
