using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Access;

/// <summary>The records of API keys.</summary>
internal sealed class ApiKeyStore(RegistryRedis redis)
{
    /// <summary>Keys of one tenant, so that a listing is one answer.</summary>
    public const int MaxKeysPerTenant = 1000;

    /// <exception cref="TaskResException">LimitExceeded.</exception>
    public async Task CreateAsync(ApiKeyRecord key, CancellationToken cancellationToken)
    {
        var count = await redis.RunAsync("count keys", database => database.SortedSetLengthAsync(RedisKeys.ApiKeys(key.Name.Tenant)), cancellationToken);
        if (count >= MaxKeysPerTenant) throw TaskResException.OverLimit("parent", count + 1, MaxKeysPerTenant, "API keys");
        await redis.RunAsync("create key", database =>
        {
            var transaction = database.CreateTransaction();
            transaction.AddCondition(Condition.KeyExists(RedisKeys.Tenant(key.Name.Tenant)));
            _ = transaction.StringSetAsync(RedisKeys.ApiKey(key.Name), AccessRecords.Seal(key));
            _ = transaction.SortedSetAddAsync(RedisKeys.ApiKeys(key.Name.Tenant), key.Name.Key, 0);
            return RequireAsync(transaction, AccessErrors.TenantNotFound(key.Name.Tenant));
        }, cancellationToken);
    }

    /// <summary>Null where there is none.</summary>
    public async Task<ApiKeyRecord?> FindAsync(ApiKeyName name, CancellationToken cancellationToken)
    {
        var value = await redis.RunAsync("get key", database => database.StringGetAsync(RedisKeys.ApiKey(name)), cancellationToken);
        return value.IsNull ? null : AccessRecords.Open(value, name);
    }

    public async Task<IReadOnlyList<ApiKeyRecord>> ListAsync(TenantName tenant, CancellationToken cancellationToken)
    {
        var ids = await redis.RunAsync("list keys", database => database.SortedSetRangeByValueAsync(RedisKeys.ApiKeys(tenant)), cancellationToken);
        if (ids.Length == 0) return [];
        var names = Array.ConvertAll(ids, id => new ApiKeyName(tenant, id!));
        var values = await redis.RunAsync("get keys", database => database.StringGetAsync(Array.ConvertAll(names, RedisKeys.ApiKey)), cancellationToken);
        return [.. names.Zip(values).Where(key => !key.Second.IsNull).Select(key => AccessRecords.Open(key.Second, key.First))];
    }

    /// <exception cref="TaskResException">ApiKeyNotFound.</exception>
    public Task ReplaceAsync(ApiKeyRecord key, CancellationToken cancellationToken) => redis.RunAsync("change key", database =>
    {
        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.KeyExists(RedisKeys.ApiKey(key.Name)));
        _ = transaction.StringSetAsync(RedisKeys.ApiKey(key.Name), AccessRecords.Seal(key));
        return RequireAsync(transaction, AccessErrors.ApiKeyNotFound(key.Name));
    }, cancellationToken);

    /// <exception cref="TaskResException">ApiKeyNotFound.</exception>
    public Task DeleteAsync(ApiKeyName name, CancellationToken cancellationToken) => redis.RunAsync("delete key", database =>
    {
        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.KeyExists(RedisKeys.ApiKey(name)));
        _ = transaction.KeyDeleteAsync(RedisKeys.ApiKey(name));
        _ = transaction.SortedSetRemoveAsync(RedisKeys.ApiKeys(name.Tenant), name.Key);
        return RequireAsync(transaction, AccessErrors.ApiKeyNotFound(name));
    }, cancellationToken);

    private static async Task<bool> RequireAsync(ITransaction transaction, TaskResException otherwise) =>
        await transaction.ExecuteAsync() ? true : throw otherwise;
}
