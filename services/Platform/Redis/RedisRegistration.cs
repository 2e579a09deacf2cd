using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TaskRes.Platform.Hosting;

namespace TaskRes.Platform.Redis;

public static class RedisRegistration
{
    /// <summary>Both roles of Redis, with their health. Idempotent.</summary>
    public static void AddRedis(this WebApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(RedisConnections))) return;
        builder.Services.AddValidatedOptions<RedisOptions>(RedisOptions.Section);
        builder.Services.AddSingleton<RedisConnections>();
        builder.Services.AddSingleton<RegistryRedis>();
        builder.Services.AddSingleton<CacheRedis>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHealthChecks()
            .AddCheck<RegistryHealth>("registry", tags: [HealthTags.Registry])
            .AddCheck<CacheHealth>("cache", tags: [HealthTags.Cache]);
    }
}
