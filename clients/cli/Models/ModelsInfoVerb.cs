using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TaskRes.Cli.Hub;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Core.Clip;

namespace TaskRes.Cli.Models;

internal sealed class ModelsInfoVerb : Verb
{
    private readonly Argument<string> _model = new("MODEL") { Description = "A model's path, or a name from 'models list'." };
    private readonly ModelOptions _options = new();

    public ModelsInfoVerb()
        : base("info", "Load a model and tell what it is, how long that takes and what memory.")
    {
        Add(_model);
        _options.AddLoadingTo(this);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        VerbCall.UseLibtorchOfEnvironment();
        var options = _options.Read(call, call.Value(_model));
        var source = ModelLibrary.Source(options.Path);
        var started = Stopwatch.GetTimestamp();
        using var encoder = await Task.Run(() => ClipEncoder.Load(options), cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var (info, resident) = (encoder.Info, Environment.WorkingSet);

        var precision = info.Precision.ToString().ToLowerInvariant();
        call.Screen.Result(
            () => new
            {
                info.Name,
                info.Architecture,
                info.Fingerprint,
                info.Parameters,
                info.EmbeddingDimension,
                info.ImageSize,
                info.ContextLength,
                info.VocabularySize,
                info.LogitScale,
                precision,
                info.Device,
                load_seconds = seconds,
                weight_bytes = info.WeightBytes,
                resident_bytes = resident,
                source,
            },
            console => Tables.WriteValues(
                console,
                [
                    ("model", info.Name),
                    ("architecture", $"{info.Architecture}, {Number(info.Parameters / 1e6, "0.0")} million parameters"),
                    ("fingerprint", info.Fingerprint),
                    ("dimensions", $"{info.EmbeddingDimension} of embeddings, {info.ImageSize} pixels, {info.ContextLength} tokens of {info.VocabularySize:0}"),
                    ("logit scale", Number(info.LogitScale, "0.##")),
                    ("computes in", $"{precision} on {info.Device}"),
                    ("loaded in", $"{Number(seconds, "0.00")} s"),
                    ("memory", $"{Number(resident / 1e6, "0")} MB resident, {Number(info.WeightBytes / 1e6, "0.0")} MB of weights"),
                    .. Origin(source),
                ]));
        return ExitCode.Ok;
    }

    private static IEnumerable<(string Name, string Value)> Origin(ModelManifest? source)
    {
        if (source is null) yield break;
        yield return ("source", source.Source.AbsoluteUri);
        if (source.Commit is not null) yield return ("revision", $"{source.Revision} ({source.Commit})");
        yield return ("files", $"{string.Join(", ", source.Files.Select(file => file.Name))}; {Number(source.Size / 1e6, "0.0")} MB together");
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
