using System.CommandLine;
using TaskRes.Cli.Files;
using TaskRes.Cli.Invocation;
using TaskRes.Client;

namespace TaskRes.Cli.Tenants;

internal sealed class TenantsExportVerb : Verb
{
    private readonly Argument<string> _tenant = new("TENANT") { Description = "The tenant's id." };
    private readonly Option<string> _out = new("--out") { Description = "The file to write.", HelpName = "FILE", Required = true };

    public TenantsExportVerb()
        : base("export", "Write a whole tenant to a file: settings, keys as hashes, audit records, tasks. Takes the operator's key.")
    {
        Add(_tenant);
        Add(_out);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var (tenant, path) = (VerbCall.TenantNameOf(call.Value(_tenant)), call.Value(_out));
        using var client = call.Connect();
        await WholeFile.WriteAsync(path, file => call.Screen.ProgressAsync("Exporting", async progress =>
        {
            await client.Tenants.ExportAsync(tenant, file, new ExportTenantOptions { Written = new TransferProgress(progress, "Exporting", null) }, cancellationToken);
            return true;
        }, clear: true));
        var bytes = new FileInfo(path).Length;
        call.Screen.Result(() => new { tenant, @out = path, bytes }, _ => Console.Out.WriteLine($"Wrote {path}, {bytes:N0} bytes."));
        return ExitCode.Ok;
    }
}
