using System.Text.RegularExpressions;
using TaskRes.Core;

namespace TaskRes.Cli.Hub;

/// <summary>A model's name as it is pulled, which is also its place in the store: one or two parts, neither of which leads elsewhere.</summary>
internal static partial class ModelName
{
    /// <exception cref="TaskResException">InvalidField.</exception>
    public static string Require(string name) => IsOne(name)
        ? name
        : throw TaskResException.Invalid(
            "NAME", $"'{name}' is not a model's name; give the hub's OWNER/MODEL (openai/clip-vit-base-patch32), or one of OpenAI's: {string.Join(", ", OpenAiArchive.Names)}.");

    public static bool IsOne(string name) => Pattern.IsMatch(name);

    // The parts begin with no point: such entries of the store are its own.
    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.@-]{0,95}(/[A-Za-z0-9_][A-Za-z0-9_.@-]{0,95})?\z")]
    private static partial Regex Pattern { get; }
}
