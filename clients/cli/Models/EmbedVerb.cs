using System.CommandLine;
using System.Text.Json;
using TaskRes.Cli.Files;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Client;
using TaskRes.Core.Clip;
using TaskRes.Core.Safetensors;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Cli.Models;

internal sealed class EmbedVerb : Verb
{
    private static readonly string[] Formats = ["fp32", "fp16", "int8"];

    private readonly ModelOptions _options = new();

    private readonly Option<string[]> _images = new("--images")
    {
        Description = "Image files, or folders of them; - for their paths on stdin, one a line.",
        HelpName = "PATH",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _texts = new("--texts") { Description = "A file with one text a line; - for stdin.", HelpName = "FILE" };
    private readonly Option<bool> _normalize = new("--normalize") { Description = "Bring every embedding to length 1." };
    private readonly Option<string> _format = new("--format") { Description = "How the server's embeddings travel; they are written as fp32.", DefaultValueFactory = _ => Formats[0] };
    private readonly Option<string> _out = new("--out") { Description = "The safetensors file to write.", HelpName = "FILE", Required = true };

    public EmbedVerb()
        : base("embed", "Turn images or texts into embeddings: in this process with --model, on a server and in one stream with --server.")
    {
        _options.Model.Required = false;
        _options.AddTo(this);
        _format.AcceptOnlyFromAmong(Formats);
        foreach (var option in new Option[] { _images, _texts, _normalize, _format, _out }) Add(option);
        Validators.Add(result =>
        {
            if (result.GetResult(_images) is null == result.GetResult(_texts) is null) result.AddError("Give one of --images PATH… and --texts FILE.");
            if (result.GetResult(_options.Model) is null == result.GetValue(GlobalOptions.Server) is null) result.AddError("Give one of --model M and --server URL.");
        });
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var texts = call.Value(_texts) is { } file ? await TextLines.ReadAsync(file, "--texts", cancellationToken) : null;
        var items = texts ?? ImageFiles.Expand(await PathsAsync(call.Value(_images), cancellationToken), "--images");
        var features = await call.Screen.ProgressAsync("embedding", progress => call.Value(GlobalOptions.Server) is null
            ? LocallyAsync(call, items, texts is not null, progress, cancellationToken)
            : OnServerAsync(call, items, texts is not null, progress, cancellationToken));

        foreach (var fault in features.Faults.Values) Screen.Note(fault.Message);
        var (rows, names) = (features.Rows.OfType<float[]>().ToArray(), items.Where((_, place) => features.Rows[place] is not null));
        if (call.Value(_normalize)) LocalEmbedding.Normalize(rows);
        var (tensor, columns) = (texts is null ? "image_features" : "text_features", rows.Length == 0 ? 0 : rows[0].Length);
        Write(call.Value(_out), tensor, rows, columns, features.Fingerprint, texts is null ? names.Select(path => Path.GetFileName(path)) : names);
        call.Screen.Result(
            () => new { @out = call.Value(_out), tensor, rows = rows.Length, columns, encoder_fingerprint = features.Fingerprint, failed = features.Faults.Count },
            _ => Console.Out.WriteLine($"Wrote {tensor}, {rows.Length}×{columns}, to {call.Value(_out)}."));
        return features.Faults.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<IReadOnlyList<string>> PathsAsync(string[] given, CancellationToken cancellationToken) =>
        given is [TextLines.Stdin] ? await TextLines.ReadAsync(TextLines.Stdin, "--images", cancellationToken) : given;

    private async Task<EmbeddedItems> LocallyAsync(VerbCall call, IReadOnlyList<string> items, bool areTexts, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        VerbCall.UseLibtorchOfEnvironment();
        using var encoder = ClipEncoder.Load(_options.Read(call));
        var rows = await Task.Run(
            () => areTexts ? LocalEmbedding.TextsAsync(encoder, items, progress, cancellationToken) : LocalEmbedding.ImagesAsync(encoder, items, progress, cancellationToken),
            cancellationToken);
        return EmbeddedItems.Whole(rows, encoder.Info.Fingerprint);
    }

    private async Task<EmbeddedItems> OnServerAsync(VerbCall call, IReadOnlyList<string> items, bool areTexts, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var options = new EncodingOptions { Format = Enum.Parse<EmbeddingFormat>(call.Value(_format), ignoreCase: true) };
        return areTexts
            ? await RemoteEmbedding.TextsAsync(client, items, options, progress, cancellationToken)
            : await RemoteEmbedding.ImagesAsync(client, items, options, progress, cancellationToken);
    }

    private static void Write(string path, string tensor, float[][] rows, int columns, string fingerprint, IEnumerable<string> names) =>
        SafetensorsWriter.Write(
            path,
            [TensorData.F32(tensor, [.. rows.SelectMany(row => row)], [rows.Length, columns])],
            new Dictionary<string, string>
            {
                [tensor == "image_features" ? "images" : "texts"] = JsonSerializer.Serialize(names),
                ["encoder_fingerprint"] = fingerprint,
            });
}
