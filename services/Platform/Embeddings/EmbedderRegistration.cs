using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TaskRes.Platform.Hosting;
using TaskRes.Platform.Redis;

namespace TaskRes.Platform.Embeddings;

/// <summary>Decides where embeddings come from: memory, then Redis, then the encoder, here or remote.</summary>
public static class EmbedderRegistration
{
    /// <summary>The key under which a process that has the encoder itself registers it.</summary>
    public const string Source = "embedder-source";

    /// <summary>The <see cref="IEmbedder"/>. Idempotent.</summary>
    public static void AddEmbedder(this WebApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(EncoderChannel))) return;
        builder.AddRedis();
        builder.Services.AddValidatedOptions<MemoryCacheOptions>(MemoryCacheOptions.Section);
        builder.Services.AddValidatedOptions<RemoteEncoderOptions>(RemoteEncoderOptions.Section);
        builder.Services.AddSingleton<EncoderChannel>();
        builder.Services.AddSingleton<RemoteEmbedder>();
        builder.Services.TryAddSingleton<IEmbedder>(Assemble);
        builder.Services.AddHealthChecks().AddCheck<RemoteEncoderHealth>("remote encoder", tags: [HealthTags.Encoder]);
    }

    private static MemoryCachedEmbedder Assemble(IServiceProvider services)
    {
        var source = services.GetKeyedService<IEmbedder>(Source) ?? services.GetRequiredService<RemoteEmbedder>();
        var timeToLive = services.GetRequiredService<IOptions<RedisOptions>>().Value.CacheTtl;
        var shared = new RedisCachedEmbedder(source, services.GetRequiredService<CacheRedis>(), timeToLive);
        return new MemoryCachedEmbedder(shared, services.GetRequiredService<IOptions<MemoryCacheOptions>>().Value);
    }
}
