using TaskRes.AllInOne;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Cli.Server;
using TaskRes.Client;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Cli.Demo;

internal sealed class DemoVerb() : Verb("demo", "See the whole job here and now: the suite, a model and three tasks, offline.")
{
    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("taskres-demo-");
        try
        {
            await RunAsync(call.Screen, folder.FullName, cancellationToken);
            return ExitCode.Ok;
        }
        catch (TaskResClientException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C stops the suite as well, and calls may feel that first.
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(Screen screen, string folder, CancellationToken cancellationToken)
    {
        screen.Part(DemoText.WriteBeginning);
        var start = TimeProvider.System.GetTimestamp();
        await using var suite = await LocalSuite.StartAsync(SuiteIn(folder), cancellationToken);
        var model = await ModelAsync(suite, screen, cancellationToken);

        using var client = new TaskResClient(new TaskResClientOptions { Address = suite.Grpc, ApiKey = suite.AdminKey, TenantName = "tenants/demo" });
        await client.Tenants.CreateAsync("demo", new Tenant { DisplayName = "the demo's" }, cancellationToken);
        var results = new List<DemoResult>();
        foreach (var task in BundledFiles.TaskFolders.Select(DemoTask.Read))
        {
            results.Add(await screen.ProgressAsync(
                task.Name, progress => new DemoTrial(client, task, progress).RunAsync(cancellationToken), clear: true));
            screen.Part(console => DemoText.Write(console, results[^1]));
        }

        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        screen.Result(
            () => new { model = Json.Of(model), tasks = results.Select(result => result.ForScripts()), seconds },
            console => DemoText.WriteEnd(console, seconds));
    }

    private static SuiteOptions SuiteIn(string folder) =>
        new() { DataFolder = folder, ModelPath = BundledFiles.ModelFolder, LibtorchFolder = CliEnvironment.Libtorch, Port = 0 };

    private static async Task<Model> ModelAsync(LocalSuite suite, Screen screen, CancellationToken cancellationToken)
    {
        var model = await screen.ProgressAsync("loading the model", _ => suite.ReadyAsync(), clear: true);
        cancellationToken.ThrowIfCancellationRequested();
        return model ?? throw LocalSuite.StoppedByItself();
    }
}
