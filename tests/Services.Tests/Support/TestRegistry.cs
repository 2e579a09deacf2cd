using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using TaskRes.Platform.Access;
using TaskRes.Platform.Circuits;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;

namespace TaskRes.Services.Tests.Support;

/// <summary>A registry as a service has it, beside a raw connection to the same server.</summary>
internal sealed class TestRegistry : IAsyncDisposable
{
    private readonly RedisConnections connections;
    private readonly Lazy<ConnectionMultiplexer> raw;

    public TestRegistry(RedisOptions options, RequestLimits? limits = null, QuotaOptions? quotas = null)
    {
        connections = new RedisConnections(Options.Create(options));
        Redis = new RegistryRedis(connections, Options.Create(options), Options.Create(new CircuitOptions()), TimeProvider.System, NullLogger<RegistryRedis>.Instance);
        Registry = new RedisTaskRegistry(Redis, new QuotaBook(
            new TenantBook((_, _) => Task.FromResult<TenantRecord?>(null), Options.Create(new AccessOptions()), TimeProvider.System),
            Options.Create(quotas ?? new QuotaOptions()),
            Options.Create(limits ?? new RequestLimits())), TimeProvider.System);
        raw = new Lazy<ConnectionMultiplexer>(() => ConnectionMultiplexer.Connect($"{options.Registry},allowAdmin=true"));
    }

    public ITaskRegistry Registry { get; }

    public RegistryRedis Redis { get; }

    public IDatabase Raw => raw.Value.GetDatabase();

    public static TestRegistry At(string connectionString, bool durable = true) => new(new RedisOptions
    {
        Cache = connectionString,
        Registry = connectionString,
        RequireDurableRegistry = durable,
        RegistryTimeout = TimeSpan.FromSeconds(2),
    });

    public async Task<string[]> KeysAsync(string pattern)
    {
        var keys = new List<string>();
        await foreach (var key in raw.Value.GetServers()[0].KeysAsync(pattern: pattern)) keys.Add(key!);
        return [.. keys.Distinct()];
    }

    public async ValueTask DisposeAsync()
    {
        await connections.DisposeAsync();
        if (raw.IsValueCreated) await raw.Value.DisposeAsync();
    }
}
