using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using TaskRes.Platform.Hosting;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Usage;

namespace TaskRes.Platform.Embeddings;

/// <summary>Decides where embeddings come from: memory, then Redis, then the encoder, here or remote.</summary>
public static class EmbedderRegistration
{
    /// <summary>The key under which a process that has the encoder itself registers it, before <see cref="AddEmbedder"/>.</summary>
    public const string Source = "embedder-source";

    /// <summary>The <see cref="IEmbedder"/>. Idempotent.</summary>
    public static void AddEmbedder(this WebApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(EncoderChannel))) return;
        builder.AddRedis();
        builder.Services.AddValidatedOptions<MemoryCacheOptions>(MemoryCacheOptions.Section);
        builder.Services.AddValidatedOptions<RemoteEncoderOptions>(RemoteEncoderOptions.Section);
        builder.Services.AddSingleton<EmbeddingScopes>();
        builder.Services.AddSingleton<EmbeddingSecret>();
        builder.Services.AddSingleton<EncoderChannel>();
        builder.Services.AddSingleton<RemoteEmbedder>();
        builder.Services.TryAddSingleton<IEmbedder>(Assemble);
        // Where the encoder is in this process, it speaks for itself.
        if (builder.Services.Any(service => Equals(service.ServiceKey, Source))) return;
        builder.Services.AddHealthChecks().AddCheck<RemoteEncoderHealth>(HealthTags.Encoder, HealthStatus.Degraded, [HealthTags.Encoder]);
    }

    private static MemoryCachedEmbedder Assemble(IServiceProvider services)
    {
        var source = services.GetKeyedService<IEmbedder>(Source) ?? services.GetRequiredService<RemoteEmbedder>();
        var timeToLive = services.GetRequiredService<IOptions<RedisOptions>>().Value.CacheTtl;
        var scopes = services.GetRequiredService<EmbeddingScopes>();
        var shared = new RedisCachedEmbedder(source, services.GetRequiredService<CacheRedis>(), scopes, services.GetRequiredService<EmbeddingSecret>(), timeToLive);
        return new MemoryCachedEmbedder(shared, scopes, services.GetRequiredService<IOptions<MemoryCacheOptions>>().Value, services.GetRequiredService<UsageLedger>(), services.GetRequiredService<TimeProvider>());
    }
}
