using System.Text.RegularExpressions;
using TaskRes.Tests;

namespace TaskRes.Contract.Tests;

/// <summary>What a document links to is there: the file, and the heading within it.</summary>
public sealed partial class DocumentLinksTests
{
    private static readonly HashSet<string> NotOurs = ["bin", "obj", "node_modules"];

    public static TheoryData<string> Documents => [.. Find(ReferenceData.Repository).Select(path => Path.GetRelativePath(ReferenceData.Repository, path))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_OfADocument_LeadSomewhere(string document)
    {
        var path = Path.Combine(ReferenceData.Repository, document);
        var links = Link().Matches(CodeBlock().Replace(File.ReadAllText(path), "")).Select(match => match.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal));
        Assert.All(links, link =>
        {
            var (file, heading) = link.Split('#') is [var before, var after] ? (before, after) : (link, "");
            var target = file.Length == 0 ? path : Path.Combine(Path.GetDirectoryName(path)!, file);
            Assert.True(Path.Exists(target), $"{link} leads nowhere");
            if (heading.Length > 0) Assert.Contains(heading, Headings(target));
        });
    }

    private static IEnumerable<string> Find(string folder) => Directory.EnumerateFiles(folder, "*.md")
        .Concat(Directory.EnumerateDirectories(folder).Where(below => !NotOurs.Contains(Path.GetFileName(below)) && !Path.GetFileName(below).StartsWith('.')).SelectMany(Find));

    // As GitHub makes them.
    private static IEnumerable<string> Headings(string path) => Heading().Matches(CodeBlock().Replace(File.ReadAllText(path), ""))
        .Select(match => NotInAnchors().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
