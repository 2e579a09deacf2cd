using System.CommandLine;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;

namespace TaskRes.Cli.Tenants;

internal sealed class AuditVerb : Verb
{
    private const int UsualCount = 50;

    private readonly Option<int?> _last = NumberOption.Whole("--last", $"How many records. Default: {UsualCount}.", least: 1);

    public AuditVerb()
        : base("audit", "Show what was changed in the tenant, by whom, the newest first.") => Add(_last);

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var records = await client.Tenants.ListAuditRecordsAsync(client.Options.TenantName, cancellationToken).Take(call.Value(_last) ?? UsualCount).ToListAsync(cancellationToken);
        call.Screen.Result(
            () => records.Select(Json.Of),
            console => Tables.Write(console, ["TIME", "WHO", "METHOD", "STATUS", "RESOURCE"], records.Select(record => new[]
            {
                Moments.Text(record.Time), record.Principal, ResourceIds.Last(record.Method), record.Status, Below(record.Resource, client.Options.TenantName),
            })));
        return ExitCode.Ok;
    }

    // All of them are the tenant's own: its name before each says nothing.
    private static string Below(string resource, string tenant) =>
        resource.StartsWith($"{tenant}/", StringComparison.Ordinal) ? resource[(tenant.Length + 1)..] : "";
}
