namespace TaskRes.Tests;

/// <summary>
/// Where tests find their data: <c>tests/golden</c> in the repository, always; the large reference set in
/// <c>../shared</c> beside it, on some machines. A test of the latter skips with a reason, but never under CI.
/// </summary>
internal static class ReferenceData
{
    public static string Repository { get; } = FindRepository();

    public static bool IsCi => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>A path under <c>tests/golden</c>.</summary>
    public static string Golden(params string[] parts) => Path.Combine([Repository, "tests", "golden", .. parts]);

    /// <summary>A path under <c>../shared</c>; the running test is skipped where that folder is absent.</summary>
    public static string Shared(params string[] parts)
    {
        var root = Path.GetFullPath(Path.Combine(Repository, "..", "shared"));
        Need.That(Directory.Exists(root), "the reference set ../shared is not on this machine");
        return Path.Combine([root, .. parts]);
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "TaskRes.sln"))) return folder.FullName;
        throw new InvalidOperationException("TaskRes.sln was not found above the test's folder.");
    }
}
