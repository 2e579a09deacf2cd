using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using TaskRes.Platform.Access;
using TaskRes.Platform.Hosting;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Support;
using TaskRes.Trainer;
using TaskRes.Trainer.Backup;
using TaskRes.Trainer.Tenants;
using TaskRes.V1;
using Rollout = TaskRes.Platform.Registry.Rollout;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer.Backup;

/// <summary>A trainer's parts, put together as the product has them and not started, on a server of the Redis protocol.</summary>
internal sealed class BackupUnderTest : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConnectionMultiplexer _raw;

    private BackupUnderTest(WebApplication app, ConnectionMultiplexer raw) => (_app, _raw) = (app, raw);

    public ITaskRegistry Registry => Get<ITaskRegistry>();

    public TenantStore Tenants => Get<TenantStore>();

    public TenantImport Import => Get<TenantImport>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static BackupUnderTest On(string connectionString, bool durable, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        (string Key, string Value)[] defaults =
        [
            ("Access:Mode", "Off"), ("Logging:LogLevel:Default", "None"), ("Redis:Cache", connectionString), ("Redis:Registry", connectionString),
            ("Redis:RequireDurableRegistry", $"{durable}"), ("Redis:CacheTimeout", "00:00:10"), ("Redis:RegistryTimeout", "00:01:00"),
        ];
        builder.Configuration.AddInMemoryCollection(settings.Concat(defaults).DistinctBy(setting => setting.Key).Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddTaskResDefaults("test");
        builder.AddTrainer();
        return new BackupUnderTest(builder.Build(), ConnectionMultiplexer.Connect($"{connectionString},allowAdmin=true"));
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task<byte[]> ExportAsync(TenantName tenant, Func<long, Task>? onChunk = null)
    {
        var file = new MemoryStream();
        await Get<TenantExport>().ExportAsync(tenant, async (chunk, _) =>
        {
            Assert.InRange(chunk.Length, 1, 1 << 20);
            file.Write(chunk.Span);
            if (onChunk is not null) await onChunk(file.Length);
        }, Cancel);
        return file.ToArray();
    }

    public Task<RestoredTenant> ImportAsync(byte[] file, TenantName? restoreAs = null) => Import.ImportAsync(restoreAs, Chunks(file), Cancel);

    /// <summary>In pieces of many lengths, among them those that part a record's length from its bytes.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks(byte[] file, Func<int, Task>? before = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var (start, length) = (0, 1); start < file.Length; length = (length * 3 % 200_003) + 1)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (before is not null) await before(start);
            var end = Math.Min(file.Length, start + length);
            yield return file.AsMemory(start..end);
            start = end;
        }
    }

    /// <summary>Settings, two keys, audit records, and tasks of every kind: with a history, a rollout and a large revision; with examples alone; empty.</summary>
    /// <returns>The secrets of the keys.</returns>
    public async Task<string[]> FillAsync(TenantName tenant, TenantState state = TenantState.Active)
    {
        var secrets = await CreateAsync(tenant, state);
        var birds = tenant.Task("birds");
        await Registry.CreateTaskAsync(Samples.Task(birds), Cancel);
        await Registry.PutExamplesAsync(birds, [.. Enumerable.Range(0, 150).Select(seed => Samples.Example(seed, seed % 3, views: 2))], Cancel);
        foreach (var revision in new[] { Samples.Revision(1), Samples.Revision(2), Samples.Revision(3, dimension: 100_000), Samples.Revision(4) })
            await Registry.PublishAsync(birds, revision, Cancel);
        foreach (var seed in new[] { 1, 2, 1, 4 }) await Registry.PromoteAsync(birds.Revision(Samples.Revision(seed).Id), null, Cancel);
        await Registry.SetRolloutAsync(birds, new Rollout { Canary = birds.Revision(Samples.Revision(2).Id), CanaryPercent = 12.5 }, null, Cancel);
        await Registry.CreateTaskAsync(Samples.Task(tenant.Task("empty")), Cancel);
        await Registry.CreateTaskAsync(Samples.Task(tenant.Task("fish"), classes: 2), Cancel);
        await Registry.PutExamplesAsync(tenant.Task("fish"), [Samples.Example(1, 1, dimension: 512)], Cancel);
        return secrets;
    }

    /// <summary>Settings, two keys and audit records.</summary>
    /// <returns>The secrets of the keys.</returns>
    public async Task<string[]> CreateAsync(TenantName tenant, TenantState state = TenantState.Active)
    {
        await Tenants.CreateAsync(new TenantRecord(tenant, "Jane's birds", TenantState.Active, DateTimeOffset.FromUnixTimeMilliseconds(1_780_000_000_042)), Cancel);
        await Tenants.ChangeAsync(
            tenant,
            made => made with { Quotas = new TenantQuotas { RequestsPerSecond = 70, RevisionsPerTask = 12 }, EmbeddingPool = EmbeddingPool.Shared, State = state },
            Cancel);
        var keys = Get<ApiKeys>();
        var (_, first) = await keys.CreateAsync(tenant, new ApiKey { DisplayName = "one", Permissions = { Permission.Read, Permission.Admin } }, Cancel);
        var expire = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddDays(7));
        var (key, second) = await keys.CreateAsync(tenant, new ApiKey { Permissions = { Permission.Classify }, Tasks = { $"{tenant}/tasks/birds" }, ExpireTime = expire }, Cancel);
        var (_, third) = await keys.RotateAsync(key.Name, TimeSpan.FromDays(1), Cancel);
        for (var i = 0; i < 3; i++) await Get<AuditLog>().WriteAsync(tenant, "keys/k1", $"taskres.v1.TrainerService/Call{i}", $"{tenant}/tasks/birds", "OK");
        return [first, second, third];
    }

    /// <summary>All that lies in the registry of a tenant: what each key holds, in words that tell any two contents apart.</summary>
    public async Task<SortedDictionary<string, string>> DumpAsync(TenantName tenant)
    {
        var (dump, database) = (new SortedDictionary<string, string>(StringComparer.Ordinal), _raw.GetDatabase());
        foreach (var key in await KeysAsync($"*{{{tenant.Tenant}}}*")) dump[key.Replace($"{{{tenant.Tenant}}}", "{}", StringComparison.Ordinal)] = await ContentAsync(database, key);
        return dump;
    }

    public async Task<string[]> KeysAsync(string pattern = "*")
    {
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var key in _raw.GetServers()[0].KeysAsync(pattern: pattern, pageSize: 1000)) keys.Add(key!);
        return [.. keys];
    }

    public async ValueTask DisposeAsync()
    {
        await _raw.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static async Task<string> ContentAsync(IDatabase database, RedisKey key) => await database.KeyTypeAsync(key) switch
    {
        RedisType.String => Hex(await database.StringGetAsync(key)),
        RedisType.List => string.Join(' ', (await database.ListRangeAsync(key)).Select(Hex)),
        RedisType.Hash => string.Join(' ', (await database.HashGetAllAsync(key)).Select(entry => $"{entry.Name}={Hex(entry.Value)}").Order(StringComparer.Ordinal)),
        RedisType.SortedSet => string.Join(' ', (await database.SortedSetRangeByRankWithScoresAsync(key)).Select(entry => $"{entry.Score}={Hex(entry.Element)}")),
        var other => throw new InvalidOperationException($"{key} is a {other}."),
    };

    private static string Hex(RedisValue value) => Convert.ToHexString((byte[])value!);
}
