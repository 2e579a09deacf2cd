using TaskRes.Core.Checkpoints;

namespace TaskRes.Core.Clip;

/// <summary>Which configuration belongs to a checkpoint: the one of the library whose names its tensors bear.</summary>
internal static class ConfigFiles
{
    public const string OpenClip = "open_clip_config.json";

    public const string HuggingFace = "config.json";

    /// <param name="checkpoint">The weights.</param>
    /// <param name="folder">Where the configuration lies, if it does.</param>
    /// <param name="activation">The nonlinearity to use whatever a configuration says; null to believe it.</param>
    public static ClipConfig Read(ICheckpoint checkpoint, string folder, Activation? activation)
    {
        var config = SiglipConfig.IsSiglip(checkpoint) ? SiglipConfig.Read(checkpoint, folder) : ReadClip(checkpoint, folder);
        RequireHeads("transformer", config.Text);
        if (config.Vision.Tower is { } tower) RequireHeads("visual.transformer", tower);
        return activation is null ? config : With(config, activation.Value);
    }

    private static ClipConfig ReadClip(ICheckpoint checkpoint, string folder)
    {
        var config = CheckpointShapes.Read(checkpoint, checkpoint is OpenClipNames ? Activation.Gelu : Activation.QuickGelu);
        var openClip = Path.Combine(folder, OpenClip);
        // A CLIPModel's activation is known from its configuration alone: without one there is an error, not a guess.
        if (checkpoint is HuggingFaceNames) return HuggingFaceConfig.Apply(config, Path.Combine(folder, HuggingFace));
        return File.Exists(openClip) ? OpenClipConfig.Apply(config, openClip) : config;
    }

    private static void RequireHeads(string name, TransformerConfig tower)
    {
        if (tower.Heads == 0) throw Mismatch.Of([], [], [$"{name}: width {tower.Width}, of which only a configuration could tell the heads"]);
    }

    private static ClipConfig With(ClipConfig config, Activation activation) => config with
    {
        Text = config.Text with { Activation = activation },
        Vision = config.Vision switch
        {
            VitConfig vit => vit with { Transformer = vit.Transformer with { Activation = activation } },
            ConvStemVitConfig vit => vit with { Transformer = vit.Transformer with { Activation = activation } },
            SiglipVitConfig vit => vit with { Transformer = vit.Transformer with { Activation = activation } },
            var other => other,
        },
    };
}
