using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Platform.Usage;
using TaskRes.V1;
using ErrorReason = TaskRes.Core.ErrorReason;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Platform.Access;

/// <summary>The records of tenants. The index of all lies in another slot than each tenant's own keys: it is written first, and a name in it without a record is nobody.</summary>
internal sealed class TenantStore(RegistryRedis redis, CacheRedis cache, TimeProvider time)
{
    /// <exception cref="TaskResException">TenantAlreadyExists.</exception>
    public async Task CreateAsync(TenantRecord tenant, CancellationToken cancellationToken)
    {
        var created = await redis.RunAsync("create tenant", async database =>
        {
            await database.SortedSetAddAsync(RedisKeys.Tenants, tenant.Name.Tenant, 0);
            return await database.StringSetAsync(RedisKeys.Tenant(tenant.Name), AccessRecords.Seal(tenant), when: When.NotExists);
        }, cancellationToken);
        if (!created) throw RegistryErrors.Of(ErrorReason.TenantAlreadyExists, $"{tenant.Name} exists already: choose another id.", "tenant", $"{tenant.Name}");
    }

    /// <summary>Null where there is none.</summary>
    public async Task<TenantRecord?> FindAsync(TenantName name, CancellationToken cancellationToken)
    {
        var value = await ReadAsync(name, cancellationToken);
        return value.IsNull ? null : AccessRecords.Open(value, name);
    }

    public async Task<Page<TenantRecord>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        const string Listing = "tenants";
        RedisValue after = PageTokens.Decode(page, Listing) ?? RedisValue.Null;
        if (!after.IsNull && !ResourceSegments.IsIdentifier(after!)) throw PageTokens.Invalid();
        var ids = await redis.RunAsync("list tenants", database =>
            database.SortedSetRangeByValueAsync(RedisKeys.Tenants, min: after, exclude: Exclude.Start, take: page.Size + 1), cancellationToken);
        var names = Array.ConvertAll(ids[..Math.Min(ids.Length, page.Size)], id => new TenantName(id!));

        // One by one: the keys of different tenants lie in different slots.
        var tenants = await Task.WhenAll(names.Select(name => FindAsync(name, cancellationToken)));
        return new Page<TenantRecord>([.. tenants.OfType<TenantRecord>()], ids.Length > page.Size ? PageTokens.Encode(Listing, names[^1].Tenant) : null);
    }

    /// <exception cref="TaskResException">TenantNotFound; Conflict where it is being deleted, or changes at the same time.</exception>
    public Task<TenantRecord> SetStateAsync(TenantName name, TenantState state, CancellationToken cancellationToken) =>
        ChangeAsync(name, tenant => tenant with { State = state }, cancellationToken);

    /// <exception cref="TaskResException">TenantNotFound; Conflict where it is being deleted, or changes at the same time.</exception>
    public async Task<TenantRecord> ChangeAsync(TenantName name, Func<TenantRecord, TenantRecord> change, CancellationToken cancellationToken)
    {
        var value = await ReadAsync(name, cancellationToken);
        if (value.IsNull) throw AccessErrors.TenantNotFound(name);
        var tenant = AccessRecords.Open(value, name);
        var changed = change(tenant);
        // What is half there may go, and do nothing else.
        var goes = changed == tenant with { State = TenantState.Deleting };
        if (tenant.State == TenantState.Deleting && !goes) throw Conflict(name, "is being deleted: finish the deletion.");
        if (tenant.State == TenantState.Restoring && !goes) throw Conflict(name, "is being restored: wait for the end, or delete it where the restore was broken off.");
#pragma warning disable SER301 // The one command for it needs Redis 8.4, and older servers are served too.
        var done = await redis.RunAsync("change tenant", database =>
        {
            var transaction = database.CreateTransaction();
            transaction.AddCondition(Condition.StringEqual(RedisKeys.Tenant(name), value));
            _ = transaction.StringSetAsync(RedisKeys.Tenant(name), AccessRecords.Seal(changed));
            return transaction.ExecuteAsync();
        }, cancellationToken);
#pragma warning restore SER301
        return done ? changed : throw Conflict(name, "was changed by another call: read it again and retry.");
    }

    /// <summary>Everything of the tenant, the record last: a deletion that was broken off is taken up by the next.</summary>
    /// <exception cref="TaskResException">TenantNotFound.</exception>
    public async Task DeleteAsync(TenantName name, CancellationToken cancellationToken)
    {
        await SetStateAsync(name, TenantState.Deleting, cancellationToken);
        var tasks = await redis.RunAsync("list tasks", database => database.SortedSetRangeByValueAsync(RedisKeys.Tasks(name)), cancellationToken);
        while (await redis.RunAsync("sweep tenant", multiplexer => SweepAsync(multiplexer, name, cancellationToken), cancellationToken) > 0) { }
        // A cache that is away keeps nothing longer than its time to live.
        await cache.TryAsync("sweep tenant", database => SweepAsync(database.Multiplexer, name, cancellationToken), cancellationToken);
        await redis.RunAsync("forget tenant", async database =>
        {
            await database.SortedSetRemoveAsync(RedisKeys.Tenants, name.Tenant);
            foreach (var task in tasks) await database.PublishAsync(RedisKeys.LiveChannel, $"{name.Task(task!)}");
            // With the record, in one command, what a service has written of its use since the sweep: afterwards none does.
            return await database.KeyDeleteAsync([RedisKeys.Tenant(name), .. UsageStore.BeingWritten(name, time.GetUtcNow())]);
        }, cancellationToken);
    }

    private static Task<int> SweepAsync(IConnectionMultiplexer multiplexer, TenantName name, CancellationToken cancellationToken) =>
        KeySweep.DeleteAsync(multiplexer, RedisKeys.BelowTenant(name), keep: RedisKeys.Tenant(name), cancellationToken);

    private Task<RedisValue> ReadAsync(TenantName name, CancellationToken cancellationToken) =>
        redis.RunAsync("get tenant", database => database.StringGetAsync(RedisKeys.Tenant(name)), cancellationToken);

    private static TaskResException Conflict(TenantName name, string what) => RegistryErrors.Of(ErrorReason.Conflict, $"{name} {what}", "tenant", $"{name}");
}
