using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Hosting;

namespace TaskRes.AllInOne;

/// <summary>The running suite in this process.</summary>
public sealed class Suite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Suite(WebApplication app) => _app = app;

    /// <summary>Where gRPC is spoken.</summary>
    public Uri Grpc => _app.Services.GetRequiredService<BoundEndpoints>().Grpc;

    /// <summary>Where the dashboard, JSON, gRPC-Web, /health and /metrics are.</summary>
    public Uri Web => _app.Services.GetRequiredService<BoundEndpoints>().Web;

    /// <summary>The operator's key.</summary>
    public string AdminKey => _app.Services.GetRequiredService<IOptions<AccessOptions>>().Value.AdminKey;

    /// <summary>Starts the suite; the model may still be loading, which health tells.</summary>
    /// <param name="options">What to start with.</param>
    /// <param name="configure">Further settings of the builder, such as its logging; null for none.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="TaskResException">Conflict, where another process has the data folder; EncoderUnavailable, where the model fails before the start is through.</exception>
    public static async Task<Suite> StartAsync(
        SuiteOptions options, Action<WebApplicationBuilder>? configure, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(options.ToConfiguration());
        builder.AddSuite();
        configure?.Invoke(builder);

        var app = builder.Build();
        try
        {
            await app.MapSuite().StartAsync(cancellationToken);
            return new Suite(app);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            await app.DisposeAsync();
            throw new TaskResException(ErrorReason.EncoderUnavailable, "The suite has stopped by itself while it started; the line before says why.", exception);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns once the suite was asked to stop, by a signal or by the token, and has stopped.</summary>
    public Task WaitForStopAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
