namespace TaskRes.Benchmarks;

/// <summary>Where tables and plots of cost growth are written.</summary>
internal static class Output
{
    /// <summary>Set by <c>--out</c>; beside the program where it is not given.</summary>
    public static string Folder { get; set; } = Path.Combine(AppContext.BaseDirectory, "figures");

    /// <summary>The path of a file in the folder, which exists then.</summary>
    public static string PathOf(string file)
    {
        Directory.CreateDirectory(Folder);
        return Path.Combine(Folder, file);
    }
}
