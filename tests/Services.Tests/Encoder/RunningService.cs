using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TaskRes.Platform.Hosting;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace TaskRes.Services.Tests.Encoder;

/// <summary>A service on loopback ports of its own in this process, and a channel to it.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningService(WebApplication app)
    {
        _app = app;
        Endpoints = app.Services.GetRequiredService<BoundEndpoints>();
        Channel = GrpcChannel.ForAddress(Endpoints.Grpc);
    }

    public BoundEndpoints Endpoints { get; }

    public GrpcChannel Channel { get; }

    public static async Task<RunningService> StartAsync(
        Func<WebApplicationBuilder, WebApplicationBuilder> add, Func<WebApplication, WebApplication> map, IEnumerable<(string Key, string Value)> settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Endpoints:GrpcPort"] = "0", ["Endpoints:WebPort"] = "0", ["Access:Mode"] = "Off" });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        add(builder.AddTaskResDefaults("test"));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        map(app.MapTaskResDefaults());
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningService(app);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task<HealthCheckResponse.Types.ServingStatus> HealthAsync(string service = "")
    {
        var reply = await new HealthClient(Channel).CheckAsync(new HealthCheckRequest { Service = service });
        return reply.Status;
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
    }
}
