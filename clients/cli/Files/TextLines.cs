namespace TaskRes.Cli.Files;

internal static class TextLines
{
    /// <summary>In place of a file's path.</summary>
    public const string Stdin = "-";

    /// <summary>
    /// The lines of a file, or of stdin for "-". They end at line feeds alone: a carriage return or another separator within a text is part of it.
    /// </summary>
    /// <exception cref="Core.TaskResException">InvalidField where the file is not there.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(string path, string field, CancellationToken cancellationToken)
    {
        var content = path == Stdin ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(InputFile.Require(path, field), cancellationToken);
        var lines = content.Split('\n');
        var count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        return [.. lines.Take(count).Select(line => line.TrimEnd('\r'))];
    }
}
