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
            .SetMinimumLevel(LogLevel.Warning);
        builder.Logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
