using System.CommandLine;
using System.Globalization;
using TaskRes.Cli.Hub;
using TaskRes.Cli.Invocation;
using TaskRes.Core;

namespace TaskRes.Cli.Models;

internal sealed class ModelsPullVerb : Verb
{
    private readonly Argument<string> _name = new("NAME")
    {
        Description = "OWNER/MODEL of the Hugging Face hub (openai/clip-vit-base-patch32), or one of OpenAI's own names (ViT-B/32).",
    };

    private readonly Option<string?> _revision = new("--revision") { Description = "A branch, a tag or a commit. Default: main.", HelpName = "REV" };

    private readonly Option<string?> _endpoint = new("--endpoint")
    {
        Description = "The address of another hub, or of a mirror of OpenAI's archive. Default: HF_ENDPOINT, else https://huggingface.co.",
        HelpName = "URL",
    };

    public ModelsPullVerb()
        : base("pull", "Fetch a model, check it, and keep it under its name.")
    {
        Add(_name);
        Add(_revision);
        Add(_endpoint);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var (name, store) = (call.Value(_name), new ModelStore(ModelLibrary.Folder));
        var pull = new ModelPull(store, OptionsFor(call.Value(_endpoint)));
        var (model, isNew) = await call.Screen.ProgressAsync(name, progress => pull.RunAsync(name, call.Value(_revision), progress, cancellationToken));

        var path = store.PathOf(name);
        call.Screen.Result(
            () => new { model.Name, path, bytes = model.Size, pulled = isNew, source = model },
            _ => Console.Out.WriteLine(isNew
                ? string.Create(CultureInfo.InvariantCulture, $"Pulled {name}, {model.Size / 1e6:0.0} MB, to {path}.")
                : $"{name} is there already, and intact: {path}."));
        return ExitCode.Ok;
    }

    private static HubOptions OptionsFor(string? endpoint)
    {
        var options = new HubOptions { Token = HubToken.Read(), Offline = CliEnvironment.HubOffline };
        if (endpoint is not null) return options with { Endpoint = Address("--endpoint", endpoint), ArchiveMirror = Address("--endpoint", endpoint) };
        return CliEnvironment.HubEndpoint is { } hub ? options with { Endpoint = Address("HF_ENDPOINT", hub) } : options;
    }

    private static Uri Address(string field, string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? uri
            : throw TaskResException.Invalid(field, $"\"{address}\" is not an address; write it as https://host.");
}
