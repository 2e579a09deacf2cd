using TaskRes.Core;

namespace TaskRes.Trainer.Examples;

/// <summary>A task's classes by name. White space around a name does not matter, as it does not when the task is made.</summary>
internal sealed class ClassIndex
{
    private const int MaxNearest = 3;
    private const int MaxDistance = 3;
    private const int ShownCharacters = 200;

    private readonly Dictionary<string, int> _indices;

    public ClassIndex(IReadOnlyList<string> names) =>
        _indices = names.Select((name, index) => (Name: name.Trim(), index)).ToDictionary(pair => pair.Name, pair => pair.index, StringComparer.Ordinal);

    /// <exception cref="TaskResException">UnknownLabel, with the names that are nearest to the unknown one.</exception>
    public int Find(string name)
    {
        if (_indices.TryGetValue(name.Trim(), out var index)) return index;
        var shown = name.Length <= ShownCharacters ? name : $"{name[..ShownCharacters]}…";
        var nearest = Nearest(shown.Trim());
        var hint = nearest is "" ? "" : $" Did you mean {nearest}?";
        throw new TaskResException(ErrorReason.UnknownLabel, $"The task has no class \"{shown}\".{hint}")
        {
            Field = "class_name",
            Metadata = new Dictionary<string, string> { ["class_name"] = shown, ["nearest"] = nearest },
        };
    }

    private string Nearest(string name) => string.Join(", ", _indices.Keys
        .Select(known => (known, Distance: EditDistance.Within(Math.Clamp((name.Length + 1) / 3, 1, MaxDistance), name.ToLowerInvariant(), known.ToLowerInvariant())))
        .Where(candidate => candidate.Distance is not null)
        .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.known, StringComparer.Ordinal)
        .Take(MaxNearest).Select(candidate => candidate.known));
}
