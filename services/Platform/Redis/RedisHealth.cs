using Microsoft.Extensions.Diagnostics.HealthChecks;
using TaskRes.Core;

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
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}

/// <summary>Whether the cache is connected; without it services are slower, not wrong.</summary>
internal sealed class CacheHealth(RedisConnections connections) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        connections.Cache.IsConnected ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("The embedding cache is away: embeddings are computed anew."));
}
