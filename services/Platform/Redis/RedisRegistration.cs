using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TaskRes.Platform.Hosting;
using TaskRes.Platform.Usage;

namespace TaskRes.Platform.Redis;

public static class RedisRegistration
{
    /// <summary>Both roles of Redis, with their health. Either degrades a service where it is away, but one that needs it. Idempotent.</summary>
    public static void AddRedis(this WebApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(RedisConnections))) return;
        builder.Services.AddValidatedOptions<RedisOptions>(RedisOptions.Section);
        builder.Services.AddSingleton<RedisConnections>();
        builder.Services.AddSingleton<RegistryRedis>();
        builder.Services.AddSingleton<CacheRedis>();
        builder.Services.AddValidatedOptions<UsageOptions>(UsageOptions.Section);
        builder.Services.AddSingleton<UsageStore>();
        builder.Services.AddHostedService<UsageWriter>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IHealthCheckPublisher, RegistryMetrics>();
        builder.Services.AddHealthChecks()
            .AddCheck<CacheHealth>(HealthTags.Cache, HealthStatus.Degraded, [HealthTags.Cache])
            .AddCheck<RegistryHealth>(HealthTags.Registry, HealthStatus.Degraded, [HealthTags.Registry]);
    }
}
