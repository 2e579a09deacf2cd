using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using TaskRes.Cli.Files;
using TaskRes.Cli.Invocation;
using TaskRes.Core.Clip;
using TaskRes.Core.Safetensors;

namespace TaskRes.Cli.Models;

internal sealed class EmbedVerb : Verb
{
    private readonly ModelOptions _options = new();

    private readonly Option<string[]> _images = new("--images")
    {
        Description = "Image files, or folders of them.",
        HelpName = "PATH",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _texts = new("--texts") { Description = "A file with one text a line.", HelpName = "FILE" };
    private readonly Option<bool> _normalize = new("--normalize") { Description = "Bring every embedding to length 1." };
    private readonly Option<string> _out = new("--out") { Description = "The safetensors file to write.", HelpName = "FILE", Required = true };

    public EmbedVerb()
        : base("embed", "Turn images or texts into embeddings, without a server.")
    {
        _options.AddTo(this);
        foreach (var option in new Option[] { _images, _texts, _normalize, _out }) Add(option);
        Validators.Add(result =>
        {
            if (result.GetResult(_images) is null == result.GetResult(_texts) is null) result.AddError("Give one of --images PATH… and --texts FILE.");
        });
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        VerbCall.UseLibtorchOfEnvironment();
        var texts = call.Value(_texts) is { } file ? await TextLines.ReadAsync(file, "--texts", cancellationToken) : null;
        var images = texts is null ? ImageFiles.Expand(call.Value(_images), "--images") : null;

        using var encoder = ClipEncoder.Load(_options.Read(call));
        var features = await call.Screen.ProgressAsync("embedding", progress => Task.Run(
            () => texts is null ? LocalEmbedding.ImagesAsync(encoder, images!, progress, cancellationToken) : LocalEmbedding.TextsAsync(encoder, texts, progress, cancellationToken),
            cancellationToken));
        if (call.Value(_normalize)) LocalEmbedding.Normalize(features);

        var (tensor, names) = texts is null ? ("image_features", images!.Select(path => Path.GetFileName(path))) : ("text_features", texts);
        Write(call.Value(_out), tensor, features, encoder.Info, names);
        call.Screen.Result(
            () => new { @out = call.Value(_out), tensor, rows = features.Length, columns = encoder.Info.EmbeddingDimension, encoder_fingerprint = encoder.Info.Fingerprint },
            console => console.WriteLine($"Wrote {tensor}, {features.Length}×{encoder.Info.EmbeddingDimension}, to {call.Value(_out)}."));
        return ExitCode.Ok;
    }

    private static void Write(string path, string tensor, float[][] features, ClipModelInfo info, IEnumerable<string> names) =>
        SafetensorsWriter.Write(
            path,
            [TensorData.F32(tensor, [.. features.SelectMany(row => row)], [features.Length, info.EmbeddingDimension])],
            new Dictionary<string, string>
            {
                [tensor == "image_features" ? "images" : "texts"] = JsonSerializer.Serialize(names),
                ["encoder_fingerprint"] = info.Fingerprint,
            });
}
