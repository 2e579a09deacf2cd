using System.CommandLine;
using Spectre.Console;
using TaskRes.AllInOne;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Models;
using TaskRes.Client;
using TaskRes.Core;

namespace TaskRes.Cli.Server;

internal sealed class UpVerb : Verb
{
    private const int UsualPort = 5100;

    private static readonly TimeSpan ReadinessPeriod = TimeSpan.FromMilliseconds(100);

    private readonly Option<string> _data = new("--data")
    {
        Description = "The folder in which tasks, examples and revisions are kept.",
        HelpName = "DIR",
        DefaultValueFactory = _ => DataFolder,
    };

    private readonly Option<int?> _port = NumberOption.Whole("--port", $"The port of gRPC, the web's being the next; 0 takes free ones. Default: {UsualPort}.");
    private readonly ModelOptions _options = new();

    public UpVerb()
        : base("up", "Run the whole suite in this process, until Ctrl-C.")
    {
        Add(_data);
        Add(_port);
        _options.AddTo(this);
    }

    private static string DataFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "taskres", "registry");

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var model = _options.Read(call);
        if (!Path.Exists(model.Path))
            throw new TaskResException(ErrorReason.CheckpointNotFound, $"--model: there is no '{model.Path}'; name a model's folder or file.") { Field = "--model" };
        var options = new SuiteOptions
        {
            DataFolder = call.Value(_data),
            ModelPath = model.Path,
            TokenizerPath = model.TokenizerPath,
            Precision = model.Precision.ToString().ToLowerInvariant(),
            Device = model.Device,
            LibtorchFolder = CliEnvironment.Libtorch,
            Port = call.Value(_port) ?? UsualPort,
        };

        await using var suite = await Suite.StartAsync(options, builder => builder.LogToStderr(), cancellationToken);
        var stopped = suite.WaitForStopAsync(cancellationToken);
        if (await IsReadyAsync(suite.Grpc, stopped))
        {
            var credentials = new Credentials(suite.Grpc.GetLeftPart(UriPartial.Authority)).Write();
            call.Screen.Result(
                () => new { server = suite.Grpc, web = suite.Web, data = options.DataFolder, credentials },
                console => console.WriteLine($"TaskRes listens at {suite.Grpc} (gRPC) and {suite.Web} (web). Ctrl-C stops it."));
        }

        await stopped;
        return cancellationToken.IsCancellationRequested ? ExitCode.Ok : throw new TaskResException(
            ErrorReason.EncoderUnavailable, "The suite has stopped by itself; the line before says why.");
    }

    /// <summary>True once the model is loaded; false where the suite stops before.</summary>
    private static async Task<bool> IsReadyAsync(Uri server, Task stopped)
    {
        using var client = new TaskResClient(new TaskResClientOptions { Address = server, MaxAttempts = 1 });
        while (!stopped.IsCompleted)
        {
            try
            {
                await client.Encoding.GetModelAsync(CancellationToken.None);
                return true;
            }
            catch (TaskResClientException)
            {
                await Task.WhenAny(stopped, Task.Delay(ReadinessPeriod, TimeProvider.System, CancellationToken.None));
            }
        }

        return false;
    }
}
