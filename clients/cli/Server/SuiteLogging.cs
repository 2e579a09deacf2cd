using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace TaskRes.Cli.Server;

/// <summary>The suite's log beside a command line: warnings and worse, on stderr, a line each.</summary>
internal static class SuiteLogging
{
    public static void LogToStderr(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders()
            .AddSimpleConsole(console => console.SingleLine = true)
            .SetMinimumLevel(LogLevel.Warning)
            // What it says of a failed start comes out of the start as the exception that it is.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            // Unhealthy is what a service that loads its model has to be.
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
            // Garnet warns that its own settings of logs are not heeded.
            .AddFilter("ArgParser", LogLevel.Error);
        builder.Logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
