using System.CommandLine;
using TaskRes.Cli.Invocation;
using TaskRes.V1;

namespace TaskRes.Cli.Tenants;

internal sealed class TenantsUpdateVerb : Verb
{
    private readonly Argument<string> _tenant = new("TENANT") { Description = "The tenant's id." };
    private readonly Option<string?> _name = new("--name") { Description = "What people call it.", HelpName = "TEXT" };
    private readonly Option<string?> _embeddings = new("--embeddings")
    {
        Description = "private, or shared with the other tenants that share: each can then tell whether another has sent an image.",
        HelpName = "private|shared",
    };

    public TenantsUpdateVerb()
        : base("update", "Change what is given of a tenant. Takes the operator's key.")
    {
        _embeddings.AcceptOnlyFromAmong("private", "shared");
        Add(_tenant);
        Add(_name);
        Add(_embeddings);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var change = new UpdateTenantRequest
        {
            Name = VerbCall.TenantNameOf(call.Value(_tenant)),
            EmbeddingPool = call.Value(_embeddings) switch { "shared" => EmbeddingPool.Shared, "private" => EmbeddingPool.Private, _ => EmbeddingPool.Unspecified },
        };
        if (call.Value(_name) is { } name) change.DisplayName = name;
        TenantView.Show(call.Screen, await client.Tenants.UpdateAsync(change, cancellationToken));
        return ExitCode.Ok;
    }
}
