using TaskRes.Core.Checkpoints;
using TaskRes.Core.Images;

namespace TaskRes.Core.Clip;

/// <summary>How a model wants its images: from the file that lies beside it, or CLIP's own way.</summary>
internal static class ModelPreprocessing
{
    private const string OpenClip = "preprocess_cfg";

    /// <summary>SigLIP's mean and deviation.</summary>
    private static readonly float[] Halves = [0.5f, 0.5f, 0.5f];

    /// <exception cref="TaskResException">As of <see cref="PreprocessOptions.FromFile"/>, or
    /// <see cref="ErrorReason.CheckpointMismatch"/> where the file's image size is not the model's.</exception>
    public static PreprocessOptions Read(string folder, ClipConfig config, ClipLoadOptions load)
    {
        var huggingFace = Path.Combine(folder, "preprocessor_config.json");
        var openClip = Path.Combine(folder, ConfigFiles.OpenClip);
        var options = File.Exists(huggingFace) ? PreprocessOptions.FromFile(huggingFace)
            : File.Exists(openClip) ? FromOpenClip(openClip, config.ImageSize)
            : config.Vision is SiglipVitConfig ? new PreprocessOptions { Size = config.ImageSize, Squash = true, Mean = Halves, Std = Halves }
            : new PreprocessOptions { Size = config.ImageSize };
        if (options.Size != config.ImageSize)
            throw new TaskResException(ErrorReason.CheckpointMismatch, $"{huggingFace}: it crops to {options.Size} pixels, the model takes {config.ImageSize}.") { Field = huggingFace };
        return options with { ApplyExifOrientation = load.ApplyExifOrientation, FastDecoding = load.FastDecoding };
    }

    /// <summary>All that decides the pixels, as one line.</summary>
    public static string Describe(PreprocessOptions options) => FormattableString.Invariant(
        $"{options.Size};{Join(options.Mean)};{Join(options.Std)};{(options.ApplyExifOrientation ? "upright" : "as stored")}{(options.FastDecoding ? ";fast decoding" : "")}{(options.Squash ? ";squashed" : "")}");

    private static string Join(IEnumerable<float> values) => string.Join(',', values.Select(value => FormattableString.Invariant($"{value:R}")));

    private static PreprocessOptions FromOpenClip(string path, int imageSize)
    {
        using var file = JsonFile.Read(path);
        var json = new ConfigReader(file.RootElement, path);
        foreach (var (name, usual) in new[] { ("interpolation", "bicubic"), ("resize_mode", "shortest") })
            if (json.Text(OpenClip, name) is { } value && value != usual)
                throw CheckpointErrors.Unsupported(path, $"{OpenClip}.{name} is '{value}'; only '{usual}' is done");
        var options = new PreprocessOptions { Size = imageSize };
        return options with
        {
            Mean = json.Colour(OpenClip, "mean") ?? options.Mean,
            Std = json.Colour(OpenClip, "std") ?? options.Std,
        };
    }
}
