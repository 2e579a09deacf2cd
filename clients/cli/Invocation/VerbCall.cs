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

    /// <summary>A client of --server, else of the environment's server, else of the one that 'taskres up' wrote down, with its key.</summary>
    public TaskResClient Connect()
    {
        var named = Value(GlobalOptions.Server) ?? CliEnvironment.Server;
        var local = Credentials.Read();
        var server = named ?? local?.Server;
        var tenant = Value(GlobalOptions.Tenant);
        var options = new TaskResClientOptions
        {
            TenantName = TenantNameOf(tenant),
            CaPath = CliEnvironment.Ca,
            // The key of the suite on this machine goes to no other server.
            ApiKey = Value(GlobalOptions.Key) ?? CliEnvironment.Key ?? (server == local?.Server ? local?.Key : null),
        };
        return new TaskResClient(server is null ? options : options with { Address = Address(server) });
    }

    /// <summary>A tenant by its id or its full name.</summary>
    public static string TenantNameOf(string tenant) => tenant.StartsWith("tenants/", StringComparison.Ordinal) ? tenant : $"tenants/{tenant}";

    /// <summary>What a verb that computes on this machine calls before it does.</summary>
    public static void UseLibtorchOfEnvironment() => TorchRuntime.LibtorchFolder = CliEnvironment.Libtorch;

    private static Uri Address(string server) => ServerAddress.Find(server) ?? throw TaskResException.Invalid("TASKRES_SERVER", ServerAddress.Refusal(server));
}
