using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using TaskRes.Platform.Access;
using TaskRes.Platform.Circuits;
using TaskRes.Platform.Errors;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Platform.Hosting;

/// <summary>What every service of the suite is made of, beside its own RPCs.</summary>
public static class TaskResDefaults
{
    private const string EnvironmentPrefix = "TASKRES_";
    private const string MetricsPath = "/metrics";

    /// <summary>Configuration, logs, telemetry, endpoints, gRPC with its interceptors, health, and a graceful stop.</summary>
    /// <param name="builder">The service's builder; called once a process.</param>
    /// <param name="serviceName">The name in telemetry, such as <c>encoder</c>.</param>
    public static WebApplicationBuilder AddTaskResDefaults(this WebApplicationBuilder builder, string serviceName)
    {
        builder.AddLogLevels();
        builder.AddPrefixedEnvironment();
        // The scopes hold the ids of trace and span.
        builder.Logging.ClearProviders().AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat, json.IncludeScopes) = (true, "O", true));
        // Health is asked for, not read in a log that repeats it every few seconds.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddValidatedOptions<RequestLimits>(RequestLimits.Section);
        builder.Services.AddValidatedOptions<CircuitOptions>(CircuitOptions.Section);
        builder.AddTelemetry(serviceName);
        builder.AddAccess();
        builder.AddQuotas();
        builder.AddEndpoints();
        builder.AddTaskResGrpc();
        builder.AddHealth();
        builder.AddGracefulStop();
        return builder;
    }

    public static WebApplication MapTaskResDefaults(this WebApplication app)
    {
        app.UseMetricsAccess(MetricsPath);
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.UseUnparsedRequests();
        app.MapGrpcReflectionService();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint(MetricsPath);
        return app;
    }

    private static void AddTaskResGrpc(this WebApplicationBuilder builder)
    {
        builder.Services.AddGrpcReflection();
        // Else each call makes its own.
        builder.Services.AddSingleton<TelemetryInterceptor>().AddSingleton<ErrorInterceptor>().AddSingleton<AccessInterceptor>().AddSingleton<QuotaInterceptor>();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = RequestLimits.MaxMessageBytes;
            grpc.MaxSendMessageSize = RequestLimits.MaxMessageBytes;
            // In the order in which a call passes them: telemetry sees the status that errors became.
            grpc.Interceptors.Add<TelemetryInterceptor>();
            grpc.Interceptors.Add<ErrorInterceptor>();
            grpc.Interceptors.Add<AccessInterceptor>();
            grpc.Interceptors.Add<QuotaInterceptor>();
        }).AddJsonTranscoding(transcoding => transcoding.TypeRegistry = ErrorMapping.DetailTypes);
    }

    // Not a line for each step of each call: what the calls do is in the metrics. Any other source says otherwise.
    private static void AddLogLevels(this WebApplicationBuilder builder) => ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource
    {
        InitialData = new Dictionary<string, string?> { ["Logging:LogLevel:Microsoft.AspNetCore"] = nameof(LogLevel.Warning), ["Logging:LogLevel:Grpc"] = nameof(LogLevel.Warning) },
    });

    // Above the files and the plain environment, below the command line.
    private static void AddPrefixedEnvironment(this WebApplicationBuilder builder)
    {
        var sources = ((IConfigurationBuilder)builder.Configuration).Sources;
        var commandLine = sources.OfType<CommandLineConfigurationSource>().LastOrDefault();
        var place = commandLine is null ? sources.Count : sources.IndexOf(commandLine);
        sources.Insert(place, new EnvironmentVariablesConfigurationSource { Prefix = EnvironmentPrefix });
    }
}
