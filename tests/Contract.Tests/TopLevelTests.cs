using System.Text.RegularExpressions;
using TaskRes.Tests;

namespace TaskRes.Contract.Tests;

public sealed partial class TopLevelTests
{
    private static readonly HashSet<string> Named =
        ["protos", "services", "clients", "tests", "compose.yaml", "README.md", "TaskRes.sln", "global.json", "LICENSE", "CHANGELOG.md"];

    [Fact]
    public void TopLevel_HoldsWhatWasAgreed()
    {
        // What tools leave behind is ignored by git.
        var entries = new DirectoryInfo(ReferenceData.Repository).EnumerateFileSystemInfos().Select(entry => entry.Name);
        Assert.DoesNotContain(entries, name => !Named.Contains(name) && !name.StartsWith('.') && !DirectoryProps().IsMatch(name) && name is not ("artifacts" or "TestResults"));
    }

    [GeneratedRegex(@"^Directory\.\w+\.(props|targets)$")]
    private static partial Regex DirectoryProps();
}
