using System.Text.Json;

namespace TaskRes.Core.Images;

/// <summary>Reads <c>preprocessor_config.json</c> and refuses what CLIP's preprocessing does not do.</summary>
internal sealed class PreprocessorConfig
{
    private const int Bicubic = 3;
    private const string CropStep = "do_center_crop";
    private static readonly string[] Steps = ["do_resize", CropStep, "do_rescale", "do_normalize", "do_convert_rgb"];

    private readonly string _path;
    private readonly JsonElement _root;

    private PreprocessorConfig(string path, JsonElement root) => (_path, _root) = (path, root);

    public static PreprocessOptions Read(string path)
    {
        try
        {
            using var json = StrictJson.Parse(File.ReadAllBytes(path));
            return new PreprocessorConfig(path, json.RootElement).Options();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TaskResException(ErrorReason.CheckpointNotFound, $"{path}: the file cannot be read ({fault.Message.TrimEnd('.')}).", fault);
        }
        catch (JsonException fault)
        {
            throw new TaskResException(ErrorReason.CheckpointCorrupt, $"{path}: not JSON at line {fault.LineNumber + 1}.", fault);
        }
    }

    private PreprocessOptions Options()
    {
        if (_root.ValueKind != JsonValueKind.Object) throw Fault("the file", "is not an object");
        foreach (var step in SquashedSize() is null ? Steps : Steps.Where(step => step != CropStep))
            if (_root.TryGetProperty(step, out var value) && value.ValueKind == JsonValueKind.False)
                throw Unsupported(step, "false; CLIP's preprocessing does every step");
        if (Given("resample") is { } resample && Whole("resample", resample) is var filter && filter != Bicubic)
            throw Unsupported("resample", $"{filter}; only {Bicubic} (bicubic) is done");
        if (Given("rescale_factor") is { } factor && Math.Abs(Number("rescale_factor", factor) - 1 / 255.0) > 1e-6)
            throw Unsupported("rescale_factor", $"{factor}; only 1/255 is done");

        var defaults = new PreprocessOptions();
        var squashed = SquashedSize();
        var crop = squashed ?? CropSize() ?? ShortestEdge() ?? defaults.Size;
        if (squashed is null && ShortestEdge() is { } edge && edge != crop) throw Unsupported("size", $"{edge} with a crop_size of {crop}; the two must be equal");
        var options = defaults with
        {
            Size = crop,
            Squash = squashed is not null,
            Mean = Channels("image_mean") ?? defaults.Mean,
            Std = Channels("image_std") ?? defaults.Std,
        };
        OptionsCheck.Validate(options, (name, fault) => Fault(name, fault));
        return options;
    }

    private int? ShortestEdge()
    {
        if (Given("size") is not { } size) return null;
        if (size.ValueKind != JsonValueKind.Object) return Whole("size", size);
        return size.TryGetProperty("shortest_edge", out var edge) ? Whole("size.shortest_edge", edge)
            : throw Unsupported("size", "given without shortest_edge, beside a crop");
    }

    /// <summary>The side of a square that images are squashed to: a height and a width, and no crop.</summary>
    private int? SquashedSize()
    {
        if (Given("size") is not { ValueKind: JsonValueKind.Object } size || size.TryGetProperty("shortest_edge", out _) || IsCropped) return null;
        if (!size.TryGetProperty("height", out var height) || !size.TryGetProperty("width", out var width)) return null;
        var side = Whole("size.height", height);
        return side == Whole("size.width", width) ? side : throw Unsupported("size", $"{size.GetRawText()}; images are squashed to squares only");
    }

    private bool IsCropped => Given("crop_size") is not null || Given(CropStep) is { ValueKind: JsonValueKind.True };

    private int? CropSize()
    {
        if (Given("crop_size") is not { } crop) return null;
        if (crop.ValueKind != JsonValueKind.Object) return Whole("crop_size", crop);
        if (!crop.TryGetProperty("height", out var height) || !crop.TryGetProperty("width", out var width))
            throw Fault("crop_size", "lacks its height or its width");
        var side = Whole("crop_size.height", height);
        return side == Whole("crop_size.width", width) ? side : throw Unsupported("crop_size", $"{crop.GetRawText()}; only squares are cropped");
    }

    private float[]? Channels(string name)
    {
        if (Given(name) is not { } list) return null;
        if (list.ValueKind != JsonValueKind.Array) throw Fault(name, "is not a list");
        return [.. list.EnumerateArray().Select(value => (float)Number(name, value))];
    }

    private JsonElement? Given(string name) =>
        _root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private int Whole(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var whole) ? whole : throw Fault(name, "is not a whole number");

    private double Number(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : throw Fault(name, "is not a number");

    private TaskResException Fault(string name, string fault) =>
        new(ErrorReason.CheckpointCorrupt, $"{_path}: {name} {fault}.") { Field = name };

    private TaskResException Unsupported(string name, string fault) =>
        new(ErrorReason.CheckpointUnsupported, $"{_path}: {name} is {fault}.") { Field = name };
}
