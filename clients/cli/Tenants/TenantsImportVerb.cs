using System.CommandLine;
using TaskRes.Cli.Files;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Cli.Tenants;

internal sealed class TenantsImportVerb : Verb
{
    private readonly Argument<string> _file = new("FILE") { Description = "A file that 'tenants export' wrote." };
    private readonly Option<string?> _as = new("--as") { Description = "What to restore the tenant as; its keys are then left out. Default: its own name.", HelpName = "TENANT" };

    public TenantsImportVerb()
        : base("import", "Make a tenant of a file, whole or not at all. Takes the operator's key.")
    {
        Add(_file);
        Add(_as);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(InputFile.Require(call.Value(_file), "FILE"));
        var tenant = call.Value(_as) is { } given ? VerbCall.TenantNameOf(given) : null;
        using var client = call.Connect();
        var restored = await call.Screen.ProgressAsync(
            "Importing", progress => client.Tenants.ImportAsync(file, new ImportTenantOptions { Tenant = tenant, Sent = new TransferProgress(progress, "Importing", file.Length) }, cancellationToken), clear: true);
        call.Screen.Result(() => Json.Of(restored), console => Tables.WriteValues(console, Values(restored)));
        return ExitCode.Ok;
    }

    private static (string Name, string Value)[] Values(ImportTenantResponse restored)
    {
        var counts = restored.Counts;
        return
        [
            ("tenant", restored.Tenant.Name),
            ("state", TenantView.State(restored.Tenant)),
            ("tasks", $"{counts.Tasks:N0}"),
            ("examples", $"{counts.Examples:N0}"),
            ("revisions", $"{counts.Revisions:N0}"),
            ("keys", restored.ApiKeysLeftOut == 0 ? $"{counts.ApiKeys:N0}" : $"none; {restored.ApiKeysLeftOut:N0} are of the old name and were left out"),
            ("audit records", $"{counts.AuditRecords:N0}"),
            ("encoders", string.Join(", ", restored.EncoderFingerprints)),
        ];
    }
}
