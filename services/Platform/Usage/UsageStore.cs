using StackExchange.Redis;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Usage;

/// <summary>What tenants used, a day at a time, in the registry: all processes of a fleet add to the same counts.</summary>
internal sealed class UsageStore(RegistryRedis redis)
{
    /// <summary>How many days can be read, today's included.</summary>
    public const int MaxDays = 35;

    // A day longer than it is read.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(MaxDays + 1);

    private static readonly UsageCount[] Kinds = Enum.GetValues<UsageCount>();

    // Nothing is written of a tenant that has no record: it was deleted meanwhile. A writer sends its entries one after the other.
    private const string Increase = """
        if redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
        if tonumber(redis.call('HGET', KEYS[1], ARGV[2]) or '0') >= tonumber(ARGV[3]) then return 0 end
        redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
        for i = 4, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
        return redis.call('EXPIRE', KEYS[1], ARGV[1])
        """;

    private readonly string _writer = $"writer {Guid.NewGuid():D}";

    /// <summary>The keys that services may be writing to: their clocks differ.</summary>
    public static IEnumerable<RedisKey> BeingWritten(TenantName tenant, DateTimeOffset now) =>
        new[] { -1, 0, 1 }.Select(days => RedisKeys.Usage(tenant, DateOnly.FromDateTime(now.UtcDateTime.AddDays(days))));

    /// <summary>Adds what this process has not added yet.</summary>
    /// <exception cref="Core.TaskResException">RegistryUnavailable: to be added again, which counts it once.</exception>
    public Task AddAsync(UsageEntry entry, CancellationToken cancellationToken)
    {
        var (tenant, amounts) = (entry.Tenant, entry.Amounts);
        RedisValue[] arguments =
        [
            (long)Kept.TotalSeconds, _writer, entry.Number,
            .. Kinds.Where(kind => amounts[(int)kind] != 0).SelectMany(kind => new RedisValue[] { $"{kind}", amounts[(int)kind] }),
        ];
        RedisKey[] keys = [RedisKeys.Usage(tenant, entry.Day), RedisKeys.Tenant(tenant)];
        return redis.RunAsync("add usage", database => database.ScriptEvaluateAsync(Increase, keys, arguments), cancellationToken);
    }

    /// <summary>The counts of some days, by the kinds' order.</summary>
    /// <exception cref="Core.TaskResException">RegistryUnavailable.</exception>
    public Task<long[][]> ReadAsync(TenantName tenant, IReadOnlyList<DateOnly> days, CancellationToken cancellationToken) =>
        redis.RunAsync("read usage", database => Task.WhenAll(days.Select(async day =>
        {
            var counts = (await database.HashGetAllAsync(RedisKeys.Usage(tenant, day))).ToDictionary(entry => entry.Name, entry => (long)entry.Value);
            return Array.ConvertAll(Kinds, kind => counts.GetValueOrDefault($"{kind}"));
        })), cancellationToken);
}
