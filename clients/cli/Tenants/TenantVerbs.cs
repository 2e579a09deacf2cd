using System.CommandLine;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Cli.Tenants;

internal sealed class TenantsCreateVerb : Verb
{
    private readonly Argument<string> _id = new("TENANT") { Description = "1–63 characters of a–z, 0–9 and -." };
    private readonly Option<string> _name = new("--name") { Description = "What people call it.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private readonly Option<bool> _shared = new("--shared-embeddings")
    {
        Description = "Share embeddings with the other tenants that do. Each can then tell whether another has sent an image.",
    };

    public TenantsCreateVerb()
        : base("create", "Make a tenant. Takes the operator's key.")
    {
        Add(_id);
        Add(_name);
        Add(_shared);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var tenant = new Tenant { DisplayName = call.Value(_name), EmbeddingPool = call.Value(_shared) ? EmbeddingPool.Shared : EmbeddingPool.Private };
        TenantView.Show(call.Screen, await client.Tenants.CreateAsync(call.Value(_id), tenant, cancellationToken));
        return ExitCode.Ok;
    }
}

internal sealed class TenantsListVerb() : Verb("list", "List all tenants. Takes the operator's key.")
{
    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var tenants = await client.Tenants.ListAsync(cancellationToken).ToListAsync(cancellationToken);
        call.Screen.Result(
            () => tenants.Select(Json.Of),
            console => Tables.Write(console, ["TENANT", "NAME", "STATE", "CREATED"], tenants.Select(tenant => new[]
            {
                ResourceIds.Last(tenant.Name), tenant.DisplayName, TenantView.State(tenant), Moments.Text(tenant.CreateTime),
            })));
        return ExitCode.Ok;
    }
}

/// <summary>A verb that does one thing to one tenant.</summary>
internal sealed class TenantVerb : Verb
{
    private readonly Argument<string> _tenant = new("TENANT") { Description = "The tenant's id." };
    private readonly Func<TaskResClient, string, CancellationToken, Task<Tenant?>> _act;

    private TenantVerb(string name, string description, Func<TaskResClient, string, CancellationToken, Task<Tenant?>> act)
        : base(name, description)
    {
        _act = act;
        Add(_tenant);
    }

    public static TenantVerb Suspend() => new("suspend", "Refuse every call of a tenant's; delete nothing.", async (client, name, cancel) => await client.Tenants.SuspendAsync(name, cancel));

    public static TenantVerb Resume() => new("resume", "Let a suspended tenant go on.", async (client, name, cancel) => await client.Tenants.ResumeAsync(name, cancel));

    public static TenantVerb Delete() => new("delete", "Delete a tenant with its tasks, keys and records.", async (client, name, cancel) =>
    {
        await client.Tenants.DeleteAsync(name, cancel);
        return null;
    });

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var name = VerbCall.TenantNameOf(call.Value(_tenant));
        if (await _act(client, name, cancellationToken) is { } tenant) TenantView.Show(call.Screen, tenant);
        else call.Screen.Result(() => new { deleted = name }, _ => Console.Out.WriteLine($"Deleted {name}."));
        return ExitCode.Ok;
    }
}

internal static class TenantView
{
    public static void Show(Screen screen, Tenant tenant) => screen.Result(
        () => Json.Of(tenant),
        console => Tables.WriteValues(console, ("tenant", tenant.Name), ("name", tenant.DisplayName), ("state", State(tenant)), ("created", Moments.Text(tenant.CreateTime)), ("embeddings", tenant.EmbeddingPool.ToString().ToLowerInvariant()), ("quotas", Quotas(tenant))));

    // Those alone that were set for it.
    private static string Quotas(Tenant tenant)
    {
        var set = TenantQuotas.Descriptor.Fields.InFieldNumberOrder().Where(field => field.Accessor.HasValue(tenant.Quotas)).ToList();
        return set.Count == 0 ? "the service's" : string.Join(", ", set.Select(field => $"{field.Name} {field.Accessor.GetValue(tenant.Quotas)}"));
    }

    public static string State(Tenant tenant) => tenant.State.ToString().ToLowerInvariant();
}
