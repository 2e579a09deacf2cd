using System.CommandLine;
using TaskRes.Cli.Invocation;
using TaskRes.Core.Clip;

namespace TaskRes.Cli.Models;

/// <summary>The options of verbs that load a model.</summary>
internal sealed class ModelOptions
{
    private static readonly string[] Precisions = ["auto", "fp32", "bf16", "fp16"];

    private readonly Option<string> _precision = new("--precision") { Description = "What to compute in.", DefaultValueFactory = _ => Precisions[0] };

    private readonly Option<string> _device = new("--device")
    {
        Description = "auto, cpu, cuda or cuda:N.",
        HelpName = "DEVICE",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<bool> _fastDecoding = new("--fast-decoding") { Description = "Decode large JPEGs at a reduced size: faster, and embeddings that are not quite the same." };

    public ModelOptions() => _precision.AcceptOnlyFromAmong(Precisions);

    public Option<string> Model { get; } = CreateModel();

    public Option<string?> Tokenizer { get; } = CreateTokenizer();

    public static Option<string> CreateModel() => new("--model")
    {
        Description = "A Hugging Face folder, an OpenAI .pt, a .safetensors file, or a name from 'models list' or 'models pull'.",
        HelpName = "M",
        Required = true,
    };

    public static Option<string?> CreateTokenizer() => new("--tokenizer")
    {
        Description = "The folder of the tokenizer's files. Default: beside the weights.",
        HelpName = "DIR",
    };

    public void AddTo(Command verb)
    {
        verb.Add(Model);
        AddLoadingTo(verb);
    }

    /// <summary>All but the model itself.</summary>
    public void AddLoadingTo(Command verb)
    {
        foreach (var option in new Option[] { Tokenizer, _precision, _device, _fastDecoding }) verb.Add(option);
    }

    public ClipLoadOptions Read(VerbCall call) => Read(call, call.Value(Model));

    /// <summary>For verbs that are given the model in another way.</summary>
    public ClipLoadOptions Read(VerbCall call, string model) => new()
    {
        Path = ModelLibrary.Resolve(model),
        TokenizerPath = call.Value(Tokenizer),
        Precision = Enum.Parse<Precision>(call.Value(_precision), ignoreCase: true),
        Device = call.Value(_device),
        FastDecoding = call.Value(_fastDecoding),
    };
}
