using TaskRes.Cli.Experiments;
using TaskRes.Core;

namespace TaskRes.Clients.Tests.Experiments;

public sealed class ResultLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-results-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "results.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Open_AfterAnAppend_HasTheCell()
    {
        Append(Result(1), Result(2));

        using var log = ResultLog.Open(Path);

        Assert.Equal(Result(1), log.Find(Result(1).Key));
        Assert.Equal(Result(2), log.Find(Result(2).Key));
        Assert.Null(log.Find(Result(3).Key));
    }

    [Fact]
    public void Open_LastLineCutOff_DropsItAndGoesOn()
    {
        Append(Result(1), Result(2));
        var whole = File.ReadAllBytes(Path);
        File.WriteAllBytes(Path, whole[..^20]);

        Append(Result(3));

        using var log = ResultLog.Open(Path);
        Assert.Equal([Result(1), null, Result(3)], new[] { 1, 2, 3 }.Select(shots => log.Find(Result(shots).Key)));
    }

    [Theory]
    [InlineData("not json\n")]
    [InlineData("{}\n")]
    public void Open_AnotherFile_NamesTheLine(string line)
    {
        Append(Result(1));
        File.AppendAllText(Path, line);

        var error = Assert.Throws<TaskResException>(() => ResultLog.Open(Path));

        Assert.Equal((ErrorReason.InvalidField, Path), (error.Reason, error.Field));
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhileAnotherRunWrites_IsRefused()
    {
        using var log = ResultLog.Open(Path);

        Assert.Equal(ErrorReason.Conflict, Assert.Throws<TaskResException>(() => ResultLog.Open(Path)).Reason);
    }

    private void Append(params CellResult[] results)
    {
        using var log = ResultLog.Open(Path);
        foreach (var result in results) log.Append(result);
    }

    private static CellResult Result(int shots) => new(new CellKey("d", "set", "set", "taskres", shots, 1, "alpha=0.5"), "RN50", 61.5, 10, 100, 0.25, 0.001);
}
