using System.CommandLine;
using TaskRes.Cli.Output;
using TaskRes.Cli.Server;
using TaskRes.Client;
using TaskRes.Core;
using TaskRes.Core.Torch;

namespace TaskRes.Cli.Invocation;

/// <summary>One call of a verb: the values it was given, the screen, and the way to the server.</summary>
internal sealed class VerbCall(ParseResult parsed)
{
    public Screen Screen { get; } = new(parsed.GetValue(GlobalOptions.Json));

    public T Value<T>(Option<T> option) => parsed.GetValue(option)!;

    public T Value<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>A client of --server, else of the environment's server, else of the one that 'taskres up' wrote down.</summary>
    public TaskResClient Connect()
    {
        var server = Value(GlobalOptions.Server) ?? CliEnvironment.Server ?? Credentials.Read()?.Server;
        var tenant = Value(GlobalOptions.Tenant);
        var options = new TaskResClientOptions
        {
            TenantName = tenant.StartsWith("tenants/", StringComparison.Ordinal) ? tenant : $"tenants/{tenant}",
            ApiKey = Value(GlobalOptions.Key) ?? CliEnvironment.Key,
        };
        return new TaskResClient(server is null ? options : options with { Address = Address(server) });
    }

    /// <summary>What a verb that computes on this machine calls before it does.</summary>
    public static void UseLibtorchOfEnvironment() => TorchRuntime.LibtorchFolder = CliEnvironment.Libtorch;

    private static Uri Address(string server) =>
        Uri.TryCreate(server, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "dns"
            ? address
            : throw TaskResException.Invalid("--server", $"\"{server}\" is not an address; write it as http://host:port.");
}
