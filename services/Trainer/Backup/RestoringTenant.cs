using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Jobs;
using TaskRes.V1;
using ErrorReason = TaskRes.Core.ErrorReason;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trainer.Backup;

/// <summary>
/// A tenant while it is made of a backup: refused to all, and written by this alone. Every write has the tenant's record as
/// its condition, so that after a deletion, by whomever, nothing more is written.
/// </summary>
internal sealed class RestoringTenant
{
    // No transaction grows with the tenant.
    private const int BatchBytes = 1 << 20;
    private const int BatchCount = 256;

    private readonly RegistryRedis _redis;
    private readonly TenantStore _tenants;
    private readonly Patience _patience;
    private readonly TenantRecord _record;
    private readonly RedisValue _stored;
    private readonly List<Action<ITransaction>> _writes = [];
    private int _bytes;

    private RestoringTenant(RegistryRedis redis, TenantStore tenants, Patience patience, TenantRecord record)
    {
        (_redis, _tenants, _patience, _record) = (redis, tenants, patience, record);
        _stored = AccessRecords.Seal(record);
    }

    public TenantName Name => _record.Name;

    /// <exception cref="TaskResException">TenantAlreadyExists.</exception>
    public static async Task<RestoringTenant> CreateAsync(RegistryRedis redis, TenantStore tenants, Patience patience, TenantRecord tenant, CancellationToken cancellationToken)
    {
        var restoring = new RestoringTenant(redis, tenants, patience, tenant with { State = TenantState.Restoring, RestoreId = $"{Guid.NewGuid():D}" });
        await tenants.CreateAsync(restoring._record, cancellationToken);
        return restoring;
    }

    /// <param name="write">May be made again: it has the same effect twice as once.</param>
    /// <param name="bytes">About what it writes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TaskResException">Conflict where the tenant was deleted.</exception>
    public async ValueTask WriteAsync(Action<ITransaction> write, int bytes, CancellationToken cancellationToken)
    {
        _writes.Add(write);
        _bytes += bytes;
        if (_writes.Count >= BatchCount || _bytes >= BatchBytes) await FlushAsync(cancellationToken);
    }

    /// <exception cref="TaskResException">Conflict where the tenant was deleted.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_writes.Count > 0 && !await CommitAsync(_writes, cancellationToken)) throw Deleted();
        _writes.Clear();
        _bytes = 0;
    }

    /// <summary>From now on it is a tenant as any other.</summary>
    /// <exception cref="TaskResException">Conflict where the tenant was deleted.</exception>
    public async Task<TenantRecord> FinishAsync(TenantState state, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        var finished = _record with { State = state, RestoreId = "" };
        return await TryBecomeAsync(finished, cancellationToken) ? finished : throw Deleted();
    }

    /// <summary>Takes back all of it, unless another has.</summary>
    public async Task AbandonAsync()
    {
        if (!await TryBecomeAsync(_record with { State = TenantState.Deleting }, CancellationToken.None)) return;
        await _patience.RunAsync(async token =>
        {
            await _tenants.DeleteAsync(Name, token);
            return true;
        }, CancellationToken.None);
    }

    // An attempt whose answer was lost may have succeeded.
    private async Task<bool> TryBecomeAsync(TenantRecord tenant, CancellationToken cancellationToken)
    {
        RedisValue value = AccessRecords.Seal(tenant);
        return await CommitAsync([transaction => _ = transaction.StringSetAsync(RedisKeys.Tenant(Name), value)], cancellationToken)
            || await _redis.RunAsync("get tenant", database => database.StringGetAsync(RedisKeys.Tenant(Name)), cancellationToken) == value;
    }

    private Task<bool> CommitAsync(IReadOnlyList<Action<ITransaction>> writes, CancellationToken cancellationToken) =>
        _patience.RunAsync(token => _redis.RunAsync("restore tenant", database =>
        {
            var transaction = database.CreateTransaction();
#pragma warning disable SER301 // The one command for it needs Redis 8.4, and older servers are served too.
            transaction.AddCondition(Condition.StringEqual(RedisKeys.Tenant(Name), _stored));
#pragma warning restore SER301
            foreach (var write in writes) write(transaction);
            return transaction.ExecuteAsync();
        }, token), cancellationToken);

    private TaskResException Deleted() =>
        RegistryErrors.Of(ErrorReason.Conflict, $"{Name} was deleted while it was restored: nothing was restored.", "tenant", $"{Name}");
}
