using System.CommandLine;
using TaskRes.AllInOne;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Models;
using TaskRes.Core;

namespace TaskRes.Cli.Server;

internal sealed class UpVerb : Verb
{
    /// <summary>That of gRPC; the web's is the next.</summary>
    public const int UsualPort = 5100;

    private readonly Option<string> _data = new("--data")
    {
        Description = "The folder in which tasks, examples and revisions are kept.",
        HelpName = "DIR",
        DefaultValueFactory = _ => DataFolder,
    };

    private readonly Option<int?> _port = NumberOption.Whole("--port", $"The port of gRPC, the web's being the next; 0 takes free ones. Default: {UsualPort}.", least: 0);
    private readonly ModelOptions _options = new();

    public UpVerb()
        : base("up", "Run the whole suite in this process, until Ctrl-C.")
    {
        Add(_data);
        Add(_port);
        _options.Model.Required = false;
        _options.Model.Description += " Default: the demo's small model, which is bundled and knows emoji.";
        _options.AddTo(this);
    }

    private static string DataFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "taskres", "registry");

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var model = _options.Read(call, call.Value(_options.Model) ?? BundledFiles.ModelFolder);
        if (!Path.Exists(model.Path))
            throw new TaskResException(ErrorReason.CheckpointNotFound, $"--model: there is no '{model.Path}'; name a model's folder or file.") { Field = "--model" };
        var options = new SuiteOptions
        {
            DataFolder = call.Value(_data),
            ModelPath = model.Path,
            TokenizerPath = model.TokenizerPath,
            Precision = model.Precision.ToString().ToLowerInvariant(),
            Device = model.Device,
            FastDecoding = model.FastDecoding,
            LibtorchFolder = CliEnvironment.Libtorch,
            Port = call.Value(_port) ?? UsualPort,
        };

        await using var suite = await LocalSuite.StartAsync(options, cancellationToken);
        if (await suite.ReadyAsync() is not null)
        {
            var credentials = new Credentials(suite.Grpc.GetLeftPart(UriPartial.Authority), suite.AdminKey).Write();
            call.Screen.Result(
                () => new { server = suite.Grpc, web = suite.Web, data = options.DataFolder, credentials },
                _ => Console.Out.WriteLine($"TaskRes is ready: gRPC at {suite.Grpc}, dashboard and web at {suite.Web}. Ctrl-C stops it."));
        }

        await suite.Stopped;
        return cancellationToken.IsCancellationRequested ? ExitCode.Ok : throw LocalSuite.StoppedByItself();
    }
}
