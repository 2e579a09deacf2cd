using System.Xml.Linq;
using TaskRes.Tests;

namespace TaskRes.Contract.Tests;

/// <summary>The arrows between projects run one way; this table is the architecture, and a new arrow is a decision made here.</summary>
public sealed class ProjectArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["TaskRes.Protos"] = [],
        ["TaskRes.Core"] = [],
        ["TaskRes.Platform"] = ["TaskRes.Protos", "TaskRes.Core"],
        ["TaskRes.Encoder"] = ["TaskRes.Platform", "TaskRes.Core"],
        ["TaskRes.Trainer"] = ["TaskRes.Platform", "TaskRes.Core"],
        ["TaskRes.Classifier"] = ["TaskRes.Platform", "TaskRes.Core"],
        ["TaskRes.AllInOne"] = ["TaskRes.Encoder", "TaskRes.Trainer", "TaskRes.Classifier"],
        ["TaskRes.Client"] = ["TaskRes.Protos"],
        // The command line also works without a server, and starts the suite in its own process.
        ["TaskRes.Cli"] = ["TaskRes.Client", "TaskRes.Core", "TaskRes.AllInOne"],
    };

    // What the maths may not know: transport, hosting, storage.
    private static readonly string[] ForbiddenInCore = ["Grpc", "Google", "StackExchange", "Microsoft.AspNetCore", "OpenTelemetry"];

    public static TheoryData<string> Projects => [.. Folders().Select(path => Path.GetRelativePath(ReferenceData.Repository, path))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_OfEveryProject_AreAllowed(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        Assert.True(Allowed.TryGetValue(name, out var allowed), $"{name} is not in the table of arrows.");
        Assert.Empty(References(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension).Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Packages_OfEveryProject_TakeTheirVersionsFromTheCentralFile(string project) =>
        Assert.DoesNotContain(Load(project).Descendants("PackageReference"), package => package.Attribute("Version") is not null);

    [Fact]
    public void Core_Packages_KnowNoTransport()
    {
        var packages = References("services/Core/TaskRes.Core.csproj", "PackageReference").Concat(References("services/Core/TaskRes.Core.csproj", "FrameworkReference"));
        Assert.DoesNotContain(packages, package => ForbiddenInCore.Any(prefix => package.StartsWith(prefix, StringComparison.Ordinal)));
    }

    [Fact]
    public void Solution_HoldsEveryProject()
    {
        var solution = File.ReadAllText(Path.Combine(ReferenceData.Repository, "TaskRes.sln"));
        Assert.All(Projects, row => Assert.Contains(row.Data.Replace('/', '\\'), solution, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Folders() => new[] { "protos", "services", "clients" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(ReferenceData.Repository, folder), "*.csproj", SearchOption.AllDirectories))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> References(string project, string kind) =>
        Load(project).Descendants(kind).Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'));

    private static XDocument Load(string project) => XDocument.Load(Path.Combine(ReferenceData.Repository, project));
}
