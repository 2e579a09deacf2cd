namespace TaskRes.AllInOne;

/// <summary>What the suite in one process is started with, where another program starts it.</summary>
public sealed record SuiteOptions
{
    /// <summary>A folder that this process alone may use; made where absent.</summary>
    public required string DataFolder { get; init; }

    /// <summary>A folder in Hugging Face layout, an OpenAI <c>.pt</c>, or an OpenCLIP/OpenAI-named <c>.safetensors</c>.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The folder of the tokenizer files, where they are not beside the model.</summary>
    public string? TokenizerPath { get; init; }

    /// <summary><c>fp32</c>, <c>bf16</c>, <c>fp16</c> or <c>auto</c>.</summary>
    public string Precision { get; init; } = "auto";

    /// <summary><c>cpu</c>, <c>cuda</c>, <c>cuda:N</c> or <c>auto</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Decode large JPEGs at a reduced size.</summary>
    public bool FastDecoding { get; init; }

    /// <summary>The folder of another libtorch than the packaged one.</summary>
    public string? LibtorchFolder { get; init; }

    /// <summary>The loopback port of gRPC, the next one being that of the web; 0 takes two free ones.</summary>
    public int Port { get; init; } = 5100;

    internal IEnumerable<KeyValuePair<string, string?>> ToConfiguration() => new Dictionary<string, string?>
    {
        ["Storage:Folder"] = DataFolder,
        ["Model:Path"] = ModelPath,
        ["Model:TokenizerPath"] = TokenizerPath,
        ["Model:Precision"] = Precision,
        ["Model:Device"] = Device,
        ["Model:FastDecoding"] = $"{FastDecoding}",
        ["Model:LibtorchFolder"] = LibtorchFolder,
        ["TextTower:Path"] = ModelPath,
        ["TextTower:TokenizerPath"] = TokenizerPath,
        ["TextTower:Device"] = Device,
        ["TextTower:FastDecoding"] = $"{FastDecoding}",
        ["Endpoints:GrpcPort"] = $"{Port}",
        ["Endpoints:WebPort"] = $"{(Port == 0 ? 0 : Port + 1)}",
    }.Where(setting => setting.Value is not null);
}
