using Microsoft.Extensions.Diagnostics.HealthChecks;
using TaskRes.Core;
using TaskRes.Platform.Hosting;

namespace TaskRes.Platform.Redis;

/// <summary>Whether the registry answers and is durable.</summary>
internal sealed class RegistryHealth(RegistryRedis redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await redis.RunAsync("ping", database => database.PingAsync(), cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (TaskResException exception)
        {
            return DependencyState.Of(context, redis.IsCircuitOpen ? DependencyState.CircuitOpen : DependencyState.Away, exception.Message);
        }
    }
}

/// <summary>Whether the cache answers; without it services are slower, not wrong.</summary>
internal sealed class CacheHealth(CacheRedis redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await redis.TryAsync<TimeSpan?>("ping", async database => await database.PingAsync(), cancellationToken) is not null
            ? HealthCheckResult.Healthy()
            : DependencyState.Of(context, redis.IsCircuitOpen ? DependencyState.CircuitOpen : DependencyState.Away, "The embedding cache is away: embeddings are computed anew.");
}
