using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TaskRes.Classifier;
using TaskRes.Classifier.Heads;
using TaskRes.Encoder;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Hosting;
using TaskRes.Trainer;

namespace TaskRes.Benchmarks.Serving;

/// <summary>The servers that are measured, each as a process of its own: <c>serving-child KIND [--SETTING=VALUE…]</c>.</summary>
internal static class ServingChild
{
    /// <summary>gRPC alone. Setting: <c>Port</c>.</summary>
    public const string Echo = "echo";

    /// <summary>The product with an encoder that takes no time. Settings: the product's, and <c>Synthetic:Tasks</c> with commas between them.</summary>
    public const string Classifier = "classifier";

    /// <summary>The product with its own encoder.</summary>
    public const string Suite = "suite";

    private const string Verb = "serving-child";

    public static bool IsChild(string[] args) => args is [Verb, _, ..];

    public static IReadOnlyList<string> Arguments(string kind, IEnumerable<string> settings) => [Verb, kind, .. settings];

    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = args[1] switch
        {
            Echo => BuildEcho(args[2..]),
            Classifier => BuildClassifier(args[2..]),
            _ => BuildSuite(args[2..]),
        };
        await app.RunAsync();
        return 0;
    }

    private static WebApplication BuildEcho(string[] settings)
    {
        var builder = WebApplication.CreateBuilder(settings);
        builder.Logging.ClearProviders().AddJsonConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddGrpc();
        var port = int.Parse(builder.Configuration["Port"]!, CultureInfo.InvariantCulture);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.MapGrpcService<EchoClassifier>();
        return app;
    }

    private static WebApplication BuildClassifier(string[] settings)
    {
        var builder = WebApplication.CreateBuilder(settings);
        builder.AddTaskResDefaults("benchmark");
        builder.Services.AddKeyedSingleton<IEmbedder, SyntheticEncoder>(EmbedderRegistration.Source);
        builder.AddTrainer().AddClassifier();
        // It would find that the registry does not know the tasks.
        builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(HeadRefresher)));
        var app = builder.Build();
        var resident = app.Services.GetRequiredService<ResidentTasks>();
        foreach (var tasks in builder.Configuration["Synthetic:Tasks"]!.Split(',')) SyntheticTasks.Parse(tasks).Fill(resident);
        return app.MapTaskResDefaults().MapTrainer().MapClassifier();
    }

    private static WebApplication BuildSuite(string[] settings)
    {
        var builder = WebApplication.CreateBuilder(settings);
        var app = builder.AddTaskResDefaults("benchmark").AddEncoder().AddTrainer().AddClassifier().Build();
        return app.MapTaskResDefaults().MapEncoder().MapTrainer().MapClassifier();
    }
}
