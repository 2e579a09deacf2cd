using TaskRes.Core;

namespace TaskRes.Cli.Files;

internal static class InputFile
{
    /// <summary>The path of a file that is there.</summary>
    /// <exception cref="TaskResException">InvalidField, naming the option or argument.</exception>
    public static string Require(string path, string field) =>
        File.Exists(path) ? path : throw TaskResException.Invalid(field, $"there is no file '{path}'.");
}
