using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TaskRes.Encoder.Batching;
using TaskRes.Encoder.Grpc;
using TaskRes.Encoder.Health;
using TaskRes.Encoder.Model;
using TaskRes.Encoder.Preprocessing;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Hosting;
using TaskRes.Platform.Streaming;
using TaskRes.V1;

namespace TaskRes.Encoder;

/// <summary>The Encoder as a part of a host: its own executable, or the suite in one process.</summary>
public static class EncoderRegistration
{
    public static WebApplicationBuilder AddEncoder(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<ModelOptions>(ModelOptions.Section);
        builder.Services.AddValidatedOptions<EncoderOptions>(EncoderOptions.Section);
        AddModel(builder.Services);
        builder.Services.AddKeyedSingleton<IEmbedder>(EmbedderRegistration.Source, (services, _) => services.GetRequiredService<LocalEmbedder>());
        builder.AddEmbedder();
        builder.Services.AddSingleton<EncodeCall>();
        builder.Services.TryAddSingleton<ItemStream>();
        builder.Services.AddHealthChecks().AddCheck<KnownAnswerCheck>("encoder", tags: [HealthTags.Encoder]);
        builder.AddServiceHealth(EncoderService.Descriptor.FullName, HealthTags.Encoder);
        return builder;
    }

    public static WebApplication MapEncoder(this WebApplication app)
    {
        EncoderMetrics.ObserveQueue(app.Services.GetRequiredService<QueueSlots>());
        app.MapGrpcService<EncoderGrpcService>();
        return app;
    }

    private static void AddModel(IServiceCollection services)
    {
        services.TryAddSingleton<PassesOf>(clip => new ForwardPasses(clip.Preprocessor.ElementCount, clip.EncodeImages, clip.EncodeTexts));
        services.AddSingleton<PassCosts>();
        services.AddSingleton(provider => Slots(provider.GetRequiredService<IOptions<EncoderOptions>>().Value, provider));
        services.AddSingleton<BatchQueue>();
        services.AddSingleton<PreprocessPool>();
        services.AddSingleton<ModelThread>();
        services.AddSingleton<LocalEmbedder>();
        services.AddSingleton<KnownAnswerCheck>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelThread>());
    }

    private static QueueSlots Slots(EncoderOptions options, IServiceProvider services) => new(
        options.QueueCapacity, services.GetRequiredService<PassCosts>(), services.GetRequiredService<TimeProvider>());
}
