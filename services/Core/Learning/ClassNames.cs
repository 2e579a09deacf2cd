using System.Text;

namespace TaskRes.Core.Learning;

/// <summary>What a task's list of class names must be.</summary>
public static class ClassNames
{
    /// <summary>Characters of the longest name; the text tower reads 77 tokens.</summary>
    public const int MaxLength = 200;

    /// <summary>Refuses a list that is no classification problem.</summary>
    /// <param name="names">The names, in the order of the labels.</param>
    /// <param name="maxClasses">The most that are allowed.</param>
    /// <param name="field">What to call the list in errors.</param>
    /// <exception cref="TaskResException">
    /// InvalidField for fewer than two names, an empty one, one that is not well-formed text, or one that occurs twice but
    /// for white space around it; LimitExceeded for too many, or one too long.
    /// </exception>
    public static void Validate(IReadOnlyList<string> names, int maxClasses, string field)
    {
        if (names.Count < 2) throw TaskResException.Invalid(field, $"there are {names.Count} class names; a classifier needs two at the least.");
        if (names.Count > maxClasses) throw TaskResException.OverLimit(field, names.Count, maxClasses, "class names");

        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < names.Count; index++)
        {
            var (name, where) = (names[index], $"{field}[{index}]");
            if (string.IsNullOrWhiteSpace(name)) throw TaskResException.Invalid(where, "the name is empty.");
            if (name.Length > MaxLength) throw TaskResException.OverLimit(where, name.Length, MaxLength, "characters");
            if (!IsWellFormed(name)) throw TaskResException.Invalid(where, "the name holds half of a surrogate pair.");
            if (!first.TryAdd(name.Trim(), index)) throw TaskResException.Invalid(where, $"'{name.Trim()}' is also {field}[{first[name.Trim()]}]; names must differ.");
        }
    }

    private static bool IsWellFormed(string name)
    {
        for (var rest = name.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != System.Buffers.OperationStatus.Done) return false;
            rest = rest[consumed..];
        }
        return true;
    }
}
