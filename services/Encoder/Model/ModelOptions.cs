namespace TaskRes.Encoder.Model;

/// <summary>The CLIP that is served. Section <c>Model</c>.</summary>
internal sealed class ModelOptions
{
    public const string Section = "Model";

    /// <summary>A folder in Hugging Face layout, an OpenAI <c>.pt</c>, or an OpenCLIP/OpenAI-named <c>.safetensors</c>. Required: the service ends without it.</summary>
    public string Path { get; set; } = "";

    /// <summary>The folder of the tokenizer files, where they are not beside the model.</summary>
    public string? TokenizerPath { get; set; }

    /// <summary><c>fp32</c>, <c>bf16</c>, <c>fp16</c>, or <c>auto</c>: what the device does best.</summary>
    public string Precision { get; set; } = "auto";

    /// <summary><c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, or <c>auto</c>: the first GPU where there is one.</summary>
    public string Device { get; set; } = "auto";

    /// <summary>Decode large JPEGs at a reduced size: about three times as fast, and a fingerprint of its own, for embeddings are not quite the same.</summary>
    public bool FastDecoding { get; set; }

    /// <summary>The folder of another libtorch to load than the packaged one, such as a PyTorch install's <c>torch/lib</c>.</summary>
    public string? LibtorchFolder { get; set; }
}
