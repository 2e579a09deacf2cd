using TaskRes.Core.Checkpoints;
using TaskRes.Core.Images;

namespace TaskRes.Core.Clip;

/// <summary>How a model wants its images: from the file that lies beside it, or its family's own way.</summary>
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
            : File.Exists(openClip) ? FromOpenClip(openClip, Usual(config))
            : Usual(config);
        if (options.Size != config.ImageSize)
            throw new TaskResException(ErrorReason.CheckpointMismatch, $"{huggingFace}: it crops to {options.Size} pixels, the model takes {config.ImageSize}.") { Field = huggingFace };
        return options with { ApplyExifOrientation = load.ApplyExifOrientation, FastDecoding = load.FastDecoding };
    }

    /// <summary>All that decides the pixels, as one line.</summary>
    public static string Describe(PreprocessOptions options) => FormattableString.Invariant(
        $"{options.Size};{Join(options.Mean)};{Join(options.Std)};{(options.ApplyExifOrientation ? "upright" : "as stored")}{(options.FastDecoding ? ";fast decoding" : "")}{(options.Squash ? ";squashed" : "")}{(options.Interpolation is Interpolation.Bilinear ? ";bilinear" : "")}");

    private static string Join(IEnumerable<float> values) => string.Join(',', values.Select(value => FormattableString.Invariant($"{value:R}")));

    /// <summary>As the family's own code has it.</summary>
    private static PreprocessOptions Usual(ClipConfig config) => config.Vision switch
    {
        SiglipVitConfig => new PreprocessOptions { Size = config.ImageSize, Squash = true, Mean = Halves, Std = Halves },
        ConvStemVitConfig => new PreprocessOptions { Size = config.ImageSize, Interpolation = Interpolation.Bilinear, Mean = [0, 0, 0], Std = [1, 1, 1] },
        _ => new PreprocessOptions { Size = config.ImageSize },
    };

    private static PreprocessOptions FromOpenClip(string path, PreprocessOptions usual)
    {
        using var file = JsonFile.Read(path);
        var json = new ConfigReader(file.RootElement, path);
        return usual with
        {
            Mean = json.Colour(OpenClip, "mean") ?? usual.Mean,
            Std = json.Colour(OpenClip, "std") ?? usual.Std,
            Interpolation = json.Text(OpenClip, "interpolation") switch
            {
                null => usual.Interpolation,
                "bicubic" => Interpolation.Bicubic,
                "bilinear" => Interpolation.Bilinear,
                var other => throw CheckpointErrors.Unsupported(path, $"{OpenClip}.interpolation is '{other}'; only 'bicubic' and 'bilinear' are done"),
            },
            Squash = json.Text(OpenClip, "resize_mode") switch
            {
                null => usual.Squash,
                "shortest" => false,
                "squash" => true,
                var other => throw CheckpointErrors.Unsupported(path, $"{OpenClip}.resize_mode is '{other}'; only 'shortest' and 'squash' are done"),
            },
        };
    }
}
