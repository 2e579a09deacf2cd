using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TaskRes.Platform.Telemetry;

/// <summary>OpenTelemetry: metrics for Prometheus always; metrics with exemplars, traces and logs over OTLP where a collector is configured.</summary>
internal static class TelemetrySetup
{
    private const string CollectorSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTelemetry(this WebApplicationBuilder builder, string serviceName)
    {
        TorchMetrics.Observe();
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(serviceName, serviceNamespace: "taskres"))
            .WithMetrics(metrics => metrics
                .AddMeter(TaskResTelemetry.Name)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .DropInstruments("aspnetcore.routing.match_attempts", "kestrel.queued_requests", "http.server.active_requests")
                .AddPrometheusExporter());

        // Spans that nobody collects would cost every call some microseconds.
        if (string.IsNullOrEmpty(builder.Configuration[CollectorSetting])) return;
        telemetry.UseOtlpExporter().WithLogging().WithMetrics(metrics => metrics.SetExemplarFilter(ExemplarFilterType.TraceBased)).WithTracing(tracing => tracing
            .AddSource(TaskResTelemetry.Name)
            .AddAspNetCoreInstrumentation(web => web.Filter = context => !context.Request.Path.StartsWithSegments("/health"))
            .AddHttpClientInstrumentation());
    }

    // Counted at each call, and telling nothing that the durations of calls do not.
    private static MeterProviderBuilder DropInstruments(this MeterProviderBuilder metrics, params ReadOnlySpan<string> names)
    {
        foreach (var name in names) metrics.AddView(name, MetricStreamConfiguration.Drop);
        return metrics;
    }
}
