using System.Text.Json;
using TaskRes.Core.Checkpoints;

namespace TaskRes.Core.Clip;

/// <summary>
/// Reads a model's JSON configuration beside what its tensors say: a size that both give must agree, and all that do not
/// are reported at once.
/// </summary>
internal sealed class ConfigReader(JsonElement root, string path)
{
    private readonly List<string> _conflicts = [];

    /// <summary>Notes a conflict where the configuration gives <paramref name="names"/> and it is not <paramref name="actual"/>.</summary>
    public void Require(int actual, params ReadOnlySpan<string> names)
    {
        if (Integer(names) is { } stated && stated != actual) Conflict($"{string.Join('.', names)} is {stated}, the tensors say {actual}");
    }

    public void Conflict(string conflict) => _conflicts.Add(conflict);

    /// <exception cref="TaskResException"><see cref="ErrorReason.CheckpointMismatch"/> with every conflict.</exception>
    public void Complete()
    {
        if (_conflicts.Count == 0) return;
        throw new TaskResException(ErrorReason.CheckpointMismatch, $"{path} contradicts the weights: {string.Join("; ", _conflicts)}.")
        {
            Field = path,
            Metadata = new Dictionary<string, string> { ["path"] = path, ["conflicts"] = string.Join('\n', _conflicts) },
        };
    }

    public int? Integer(params ReadOnlySpan<string> names) => Find(names) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var number) => number,
        _ => throw Malformed(names, "a whole number"),
    };

    public double? Number(params ReadOnlySpan<string> names) => Find(names) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value => value.GetDouble(),
        _ => throw Malformed(names, "a number"),
    };

    public bool? Boolean(params ReadOnlySpan<string> names) => Find(names) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Malformed(names, "true or false"),
    };

    public string? Text(params ReadOnlySpan<string> names) => Find(names) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Malformed(names, "text"),
    };

    /// <summary>Three numbers, of red, green and blue.</summary>
    public IReadOnlyList<float>? Colour(params ReadOnlySpan<string> names) => Find(names) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } value when value.GetArrayLength() == 3 && value.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number) =>
            [.. value.EnumerateArray().Select(number => number.GetSingle())],
        _ => throw Malformed(names, "three numbers"),
    };

    /// <summary>Attention heads of a tower: as stated where they divide its width.</summary>
    public int Heads(TransformerConfig tower, int? stated, string name)
    {
        if (stated is not { } heads) return tower.Heads;
        if (heads > 0 && tower.Width % heads == 0) return heads;
        Conflict($"{name} is {heads}, which does not divide the width {tower.Width}");
        return tower.Heads;
    }

    private JsonElement? Find(ReadOnlySpan<string> names)
    {
        var value = root;
        foreach (var name in names)
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return null;
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    private TaskResException Malformed(ReadOnlySpan<string> names, string wanted) =>
        CheckpointErrors.Corrupt(path, $"{string.Join('.', names)} is not {wanted}");
}
