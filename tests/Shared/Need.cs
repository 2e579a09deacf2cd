namespace TaskRes.Tests;

/// <summary>What a test needs from its machine: absent, it skips with the reason; under CI a skip would hide a hole, so it fails.</summary>
internal static class Need
{
    public static void That(bool present, string reason)
    {
        if (present) return;
        if (ReferenceData.IsCi) Assert.Fail($"CI lacks what this test needs: {reason}");
        Assert.Skip(reason);
    }

    /// <summary>The path of a program; the running test is skipped where it is not installed.</summary>
    public static string Program(string name)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        That(path is not null, $"{name} is not installed");
        return path!;
    }
}
