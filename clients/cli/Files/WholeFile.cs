namespace TaskRes.Cli.Files;

/// <summary>A file that is there as a whole or not at all.</summary>
internal static class WholeFile
{
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        var unfinished = $"{path}.{Environment.ProcessId}.part";
        try
        {
            await using (var file = File.Create(unfinished)) await write(file);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
