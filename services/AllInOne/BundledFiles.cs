namespace TaskRes.AllInOne;

/// <summary>What lies beside the program: a small model that knows emoji, tasks to try it on, and the dashboard.</summary>
public static class BundledFiles
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Bundled");

    /// <summary>In Hugging Face's layout.</summary>
    public static string ModelFolder { get; } = Path.Combine(Root, "model");

    /// <summary>What <c>clients/dashboard</c> is built to.</summary>
    public static string DashboardFolder { get; } = Path.Combine(Root, "dashboard");

    /// <summary>
    /// From what the model knows to what no words describe. Each holds a <c>task.json</c>, and its images in
    /// <c>train/CLASS</c> and <c>test/CLASS</c>.
    /// </summary>
    public static IReadOnlyList<string> TaskFolders { get; } =
        [.. new[] { "animals", "outlines", "creatures" }.Select(name => Path.Combine(Root, "tasks", name))];
}
