using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace TaskRes.Platform.Hosting;

/// <summary>
/// Stops in order: health turns NOT_SERVING (and open health watches end), calls are taken for the drain time still, then
/// no more, and those in flight finish within the timeout.
/// </summary>
internal static class GracefulStop
{
    public static void AddGracefulStop(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<ShutdownOptions>(ShutdownOptions.Section);
        builder.Services.AddHostedService<Drain>();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<ShutdownOptions>>((host, shutdown) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(shutdown.Value.DrainSeconds + shutdown.Value.TimeoutSeconds));
    }

    private sealed class Drain(IHostApplicationLifetime lifetime, IOptions<ShutdownOptions> options, TimeProvider time) : IHostedLifecycleService
    {
        // Runs before any service, the server included, is asked to stop.
        public Task StoppingAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            return Task.Delay(TimeSpan.FromSeconds(options.Value.DrainSeconds), time, cancellationToken);
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
