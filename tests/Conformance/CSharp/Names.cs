using System.Text.RegularExpressions;

namespace TaskRes.Conformance.CSharp;

/// <summary>The names of the protos: TASK_NOT_FOUND for TaskNotFound.</summary>
internal static partial class Names
{
    public static string Of(Enum value) => Capital().Replace($"{value}", "_").ToUpperInvariant();

    [GeneratedRegex("(?<!^)(?=[A-Z])")]
    private static partial Regex Capital();
}
