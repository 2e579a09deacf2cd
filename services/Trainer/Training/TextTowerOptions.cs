namespace TaskRes.Trainer.Training;

/// <summary>
/// The model whose text tower jobs of <c>coop</c> and <c>taskres-enhanced</c> learn through: the encoder's own. Section
/// <c>TextTower</c>. Without it these two methods are refused.
/// </summary>
internal sealed class TextTowerOptions
{
    public const string Section = "TextTower";

    /// <summary>The model's folder or file; empty for none.</summary>
    public string Path { get; set; } = "";

    /// <summary>The folder of the tokenizer files, where they are not beside the model.</summary>
    public string? TokenizerPath { get; set; }

    /// <summary><c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, or <c>auto</c>: the first GPU where there is one.</summary>
    public string Device { get; set; } = "auto";

    /// <summary>As the encoder has it: it is a part of the fingerprint.</summary>
    public bool FastDecoding { get; set; }
}
