using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace TaskRes.Platform.Hosting;

/// <summary>
/// Health over gRPC (grpc.health.v1 Check and Watch) and HTTP. <c>/health</c> tells whether to send work here, by every
/// check; <c>/health/live</c> tells that the process runs. The gRPC name of a service answers by that service's checks alone.
/// What no service of the process needs degrades it where it is away: it serves, slower or from memory.
/// </summary>
public static class Health
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(5);

    /// <summary>Makes <paramref name="grpcService"/>, such as <c>taskres.v1.EncoderService</c>, known to gRPC health: it serves while the checks with one of the tags do.</summary>
    public static void AddServiceHealth(this WebApplicationBuilder builder, string grpcService, params string[] tags)
    {
        builder.Services.Configure<Grpc.AspNetCore.HealthChecks.GrpcHealthChecksOptions>(health =>
            health.Services.Map(grpcService, check => check.Tags.Contains(HealthTags.Process) || tags.Any(check.Tags.Contains)));
        builder.Services.PostConfigure<HealthCheckServiceOptions>(health =>
        {
            foreach (var needed in health.Registrations.Where(check => tags.Any(check.Tags.Contains))) needed.FailureStatus = HealthStatus.Unhealthy;
        });
    }

    internal static void AddHealth(this WebApplicationBuilder builder)
    {
        builder.Services.AddGrpcHealthChecks().AddCheck<NotStopping>("process", tags: [HealthTags.Process]);
        builder.Services.AddSingleton<IHealthCheckPublisher, DependencyMetrics>();
        builder.Services.Configure<HealthCheckPublisherOptions>(publisher => (publisher.Delay, publisher.Period) = (TimeSpan.Zero, WatchPeriod));
    }

    internal static void MapHealth(this WebApplication app)
    {
        app.MapGrpcHealthChecksService();
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = Write });
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
    }

    private static Task Write(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new
        {
            status = DependencyState.Of(report.Status),
            dependencies = report.Entries.ToDictionary(
                entry => entry.Key, entry => new { state = DependencyState.Of(entry.Value), description = entry.Value.Description }),
        },
        context.RequestAborted);

    private sealed class NotStopping(IHostApplicationLifetime lifetime) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("stopping") : HealthCheckResult.Healthy());
    }
}

/// <summary>What a health check speaks for.</summary>
public static class HealthTags
{
    public const string Process = "process";
    public const string Encoder = "encoder";
    public const string Registry = "registry";

    /// <summary>A cache that is away degrades a service and never stops it.</summary>
    public const string Cache = "cache";
}
