using System.CommandLine;

namespace TaskRes.Cli.Invocation;

/// <summary>The options that every verb has.</summary>
internal static class GlobalOptions
{
    public static readonly Option<bool> Json = new("--json") { Description = "One JSON value on stdout, and nothing else there.", Recursive = true };

    public static readonly Option<string?> Server = new("--server")
    {
        Description = "The server's address. Default: TASKRES_SERVER, else that of 'taskres up' on this machine.",
        HelpName = "URL",
        Recursive = true,
        Validators =
        {
            result =>
            {
                if (result.Tokens is [{ Value: var server }] && ServerAddress.Find(server) is null) result.AddError($"--server: {ServerAddress.Refusal(server)}");
            },
        },
    };

    public static readonly Option<string?> Key = new("--key")
    {
        Description = "The API key. Default: TASKRES_KEY, else that of 'taskres up' on this machine.",
        HelpName = "KEY",
        Recursive = true,
    };

    public static readonly Option<string> Tenant = new("--tenant")
    {
        Description = "The tenant whose tasks are meant.",
        HelpName = "TENANT",
        DefaultValueFactory = _ => "default",
        Recursive = true,
    };
}
