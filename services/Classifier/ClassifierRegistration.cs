using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TaskRes.Classifier.Grpc;
using TaskRes.Classifier.Heads;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Hosting;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Streaming;
using TaskRes.V1;

namespace TaskRes.Classifier;

/// <summary>The Classifier as a part of a host: its own executable, or the suite in one process.</summary>
public static class ClassifierRegistration
{
    public static WebApplicationBuilder AddClassifier(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<ClassifierOptions>(ClassifierOptions.Section);
        builder.AddTaskRegistry();
        builder.AddEmbedder();
        AddHeads(builder.Services);
        builder.Services.AddSingleton<ClassifyCall>();
        builder.Services.TryAddSingleton<ItemStream>();
        builder.AddServiceHealth(ClassifierService.Descriptor.FullName, HealthTags.Encoder);
        return builder;
    }

    public static WebApplication MapClassifier(this WebApplication app)
    {
        ClassifierMetrics.ObserveTasks(app.Services.GetRequiredService<ResidentTasks>());
        app.MapGrpcService<ClassifierGrpcService>();
        return app;
    }

    private static void AddHeads(IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<ClassifierOptions>>().Value;
            return new ResidentTasks(options.MaxTasks, options.MaxHeadBytes);
        });
        services.AddSingleton<HeadCache>();
        services.AddSingleton<ShadowScores>();
        services.AddHostedService<HeadRefresher>();
    }
}
