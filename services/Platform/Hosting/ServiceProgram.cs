using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TaskRes.Core;

namespace TaskRes.Platform.Hosting;

/// <summary>The life of a service's executable, from its arguments to its exit code.</summary>
public static class ServiceProgram
{
    private const int Failed = 1;

    /// <summary>Runs until the service is asked to stop. What keeps it from starting is one line on stderr each, and exit code 1.</summary>
    public static async Task<int> RunAsync(string[] args, Action<WebApplicationBuilder> add, Action<WebApplication> map)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            add(builder);
            await using var app = builder.Build();
            // The host would do it too, and log a stack trace.
            app.Services.GetService<IStartupValidator>()?.Validate();
            map(app);
            await app.RunAsync();
            return Environment.ExitCode;
        }
        // A part of the service has stopped it before it had started; that part has said why and set the exit code.
        catch (OperationCanceledException)
        {
            return Environment.ExitCode == 0 ? Failed : Environment.ExitCode;
        }
        catch (OptionsValidationException exception)
        {
            return await TellAsync(exception.Failures);
        }
        // A setting that cannot be read, and a port that is taken: the framework's messages name both.
        catch (Exception exception) when (exception is TaskResException or InvalidOperationException or IOException)
        {
            return await TellAsync([exception.Message]);
        }
    }

    private static async Task<int> TellAsync(IEnumerable<string> faults)
    {
        foreach (var fault in faults) await Console.Error.WriteLineAsync(fault);
        return Failed;
    }
}
