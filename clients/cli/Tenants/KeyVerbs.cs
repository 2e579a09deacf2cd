using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Cli.Tenants;

internal sealed class KeysCreateVerb : Verb
{
    private static readonly string[] Names = [.. new[] { Permission.Read, Permission.Classify, Permission.Train, Permission.Admin }.Select(KeyView.Name)];

    private readonly Option<string[]> _allow = new("--allow")
    {
        Description = "What the key allows; may be given several times.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _tasks = new("--task") { Description = "A task that the key is for; may be given several times. Default: all of the tenant.", HelpName = "TASK" };
    private readonly Option<int?> _days = NumberOption.Whole("--days", "After how many days it ends. Default: never.", least: 1);
    private readonly Option<string> _name = new("--name") { Description = "What people call it.", HelpName = "TEXT", DefaultValueFactory = _ => "" };

    public KeysCreateVerb()
        : base("create", "Make an API key of the tenant. Its secret is shown this once.")
    {
        _allow.AcceptOnlyFromAmong(Names);
        foreach (var option in new System.CommandLine.Option[] { _allow, _tasks, _days, _name }) Add(option);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var tenant = client.Options.TenantName;
        var key = new ApiKey
        {
            DisplayName = call.Value(_name),
            Permissions = { call.Value(_allow).Select(name => System.Enum.Parse<Permission>(name, ignoreCase: true)) },
            Tasks = { (call.Value(_tasks) ?? []).Select(task => task.Contains('/', StringComparison.Ordinal) ? task : $"{tenant}/tasks/{task}") },
            ExpireTime = call.Value(_days) is { } days ? Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddDays(days)) : null,
        };
        var made = await client.Tenants.CreateKeyAsync(tenant, key, cancellationToken);
        KeyView.ShowSecret(call.Screen, made.ApiKey, made.Secret);
        return ExitCode.Ok;
    }
}

internal sealed class KeysListVerb() : Verb("list", "List the tenant's keys.")
{
    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var keys = await client.Tenants.ListKeysAsync(client.Options.TenantName, cancellationToken);
        call.Screen.Result(
            () => keys.Select(Json.Of),
            console => Tables.Write(console, ["KEY", "NAME", "ALLOWS", "TASKS", "ENDS"], keys.Select(key => new[]
            {
                ResourceIds.Last(key.Name), key.DisplayName, KeyView.Allows(key), KeyView.Tasks(key), key.ExpireTime is null ? "never" : Moments.Text(key.ExpireTime),
            })));
        return ExitCode.Ok;
    }
}

internal sealed class KeysRotateVerb : Verb
{
    private readonly Argument<string> _key = KeyView.Argument();
    private readonly Option<int?> _hours = NumberOption.Whole("--overlap-hours", "How long the old secret goes on, up to 720. Default: not at all.", least: 0);

    public KeysRotateVerb()
        : base("rotate", "Give a key a new secret, shown this once.")
    {
        Add(_key);
        Add(_hours);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var options = new RotateKeyOptions { Overlap = TimeSpan.FromHours(call.Value(_hours) ?? 0) };
        var rotated = await client.Tenants.RotateKeyAsync(KeyView.FullName(client.Options.TenantName, call.Value(_key)), options, cancellationToken);
        KeyView.ShowSecret(call.Screen, rotated.ApiKey, rotated.Secret);
        return ExitCode.Ok;
    }
}

internal sealed class KeysDeleteVerb : Verb
{
    private readonly Argument<string> _key = KeyView.Argument();

    public KeysDeleteVerb()
        : base("delete", "End a key; within seconds it is good nowhere.") => Add(_key);

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var name = KeyView.FullName(client.Options.TenantName, call.Value(_key));
        await client.Tenants.DeleteKeyAsync(name, cancellationToken);
        call.Screen.Result(() => new { deleted = name }, _ => Console.Out.WriteLine($"Deleted {name}."));
        return ExitCode.Ok;
    }
}

internal static class KeyView
{
    public static Argument<string> Argument() => new("KEY") { Description = "The key's id, as 'keys list' shows it." };

    public static string FullName(string tenant, string key) => key.Contains('/', StringComparison.Ordinal) ? key : $"{tenant}/apiKeys/{key}";

    public static string Name(Permission permission) => permission.ToString().ToLowerInvariant();

    public static string Allows(ApiKey key) => string.Join(", ", key.Permissions.Select(Name));

    public static string Tasks(ApiKey key) => key.Tasks.Count == 0 ? "all" : string.Join(", ", key.Tasks.Select(ResourceIds.Last));

    public static void ShowSecret(Screen screen, ApiKey key, string secret) => screen.Result(
        () => new { api_key = Json.Of(key), secret },
        console =>
        {
            Tables.WriteValues(console, ("key", key.Name), ("allows", Allows(key)), ("tasks", Tasks(key)));
            Console.Out.WriteLine(secret);
            Screen.Note("The last line is the secret. It is not shown again.");
        });
}
