using System.CommandLine;
using TaskRes.Cli.Classification;
using TaskRes.Cli.Demo;
using TaskRes.Cli.Difficulty;
using TaskRes.Cli.Errors;
using TaskRes.Cli.Experiments;
using TaskRes.Cli.Features;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Load;
using TaskRes.Cli.Models;
using TaskRes.Cli.Output;
using TaskRes.Cli.Revisions;
using TaskRes.Cli.Server;
using TaskRes.Cli.Tasks;
using TaskRes.Cli.Tenants;
using TaskRes.Cli.Training;

namespace TaskRes.Cli;

/// <summary>The verbs, and what happens around each of them: bad usage, Ctrl-C, and errors as one plain line.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        using var interrupt = new Interrupt();
        var parsed = Root().Parse(arguments);
        var screen = new Screen(parsed.GetValue(GlobalOptions.Json));
        if (parsed.Errors.Count > 0) return Fail(screen, Failure.BadUsage(parsed), ExitCode.BadUsage);

        try
        {
            // Ctrl-C and errors are met here, the same way for every verb.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, interrupt.Token);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return Fail(screen, Failure.Cancelled, ExitCode.Failed);
        }
        catch (Exception error)
        {
            return Fail(screen, Failure.Of(error), ExitCode.Failed);
        }
    }

    private static RootCommand Root() => new("TaskRes: image classifiers of your own from a few labelled images, on one frozen CLIP.")
    {
        new DemoVerb(),
        new TokenizeVerb(),
        new EmbedVerb(),
        new FitVerb(),
        new EvalVerb(),
        new Command("models", "Models on this machine.") { new ModelsListVerb(), new ModelsPullVerb(), new ModelsInfoVerb(), new ModelsRemoveVerb(), new ModelsRandomVerb() },
        new UpVerb(),
        new Command("task", "The tasks of a tenant.") { new TaskCreateVerb(), new TaskListVerb(), new TaskShowVerb(), new TaskDeleteVerb() },
        new TrainVerb(),
        new WatchVerb(),
        new JobsVerb(),
        new EvaluateVerb(),
        new ClassifyVerb(),
        new DifficultyVerb(),
        new RevisionsVerb(),
        new PromoteVerb(),
        new RollbackVerb(),
        new RolloutVerb(),
        new CompareVerb(),
        new ExportVerb(),
        new ImportVerb(),
        new Command("tenants", "The tenants of a suite; all of it takes the operator's key.") { new TenantsCreateVerb(), new TenantsListVerb(), new TenantsUpdateVerb(), new TenantsQuotaVerb(), TenantVerb.Suspend(), TenantVerb.Resume(), TenantVerb.Delete(), new TenantsExportVerb(), new TenantsImportVerb() },
        new Command("keys", "The API keys of a tenant.") { new KeysCreateVerb(), new KeysListVerb(), new KeysRotateVerb(), new KeysDeleteVerb() },
        new AuditVerb(),
        new LimitsVerb(),
        new UsageVerb(),
        new LoadVerb(),
        GlobalOptions.Json,
        GlobalOptions.Server,
        GlobalOptions.Key,
        GlobalOptions.Tenant,
    };

    private static int Fail(Screen screen, Failure failure, int exitCode)
    {
        screen.Error(failure);
        return exitCode;
    }
}
