using TaskRes.Cli.Invocation;
using TaskRes.Core.Clip;
using TaskRes.Core.Safetensors;
using TaskRes.Core.Text;

namespace TaskRes.Cli.Models;

/// <summary>What tokenizing needs of a model, read without libtorch wherever the format allows.</summary>
internal sealed record TextModel(ITextTokenizer Tokenizer, int ContextLength)
{
    /// <summary>A row each position, as OpenAI and OpenCLIP name it and as Hugging Face does.</summary>
    private static readonly string[] Positions = ["positional_embedding", "text_model.embeddings.position_embedding.weight"];

    public static TextModel Load(string model, string? tokenizer)
    {
        var length = ReadContextLength(model) ?? LoadContextLength(model, tokenizer);
        var beside = Directory.Exists(model) ? model : Path.GetDirectoryName(Path.GetFullPath(model))!;
        var files = tokenizer ?? beside;
        return new TextModel(SentencePieceTextTokenizer.IsPresent(files) ? SentencePieceTextTokenizer.Load(files) : ClipTokenizer.Load(files), length);
    }

    private static int? ReadContextLength(string model)
    {
        var files = Directory.Exists(model) ? Directory.EnumerateFiles(model, "*.safetensors") : [model];
        foreach (var path in files.Where(path => path.EndsWith(".safetensors", StringComparison.Ordinal)))
        {
            using var file = SafetensorsFile.Open(path);
            if (Positions.FirstOrDefault(file.Header.Tensors.ContainsKey) is { } name) return (int)file.Entry(name).Shape[0];
        }

        return null;
    }

    private static int LoadContextLength(string model, string? tokenizer)
    {
        VerbCall.UseLibtorchOfEnvironment();
        using var encoder = ClipEncoder.Load(new ClipLoadOptions { Path = model, TokenizerPath = tokenizer, Device = "cpu", Precision = Precision.Fp32 });
        return encoder.Info.ContextLength;
    }
}
