using System.Text.Json;
using System.Text.RegularExpressions;
using TaskRes.Tests;

namespace TaskRes.Services.Tests.Deployment;

/// <summary>No engine builds the image here: what the file says is held against what there is.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string Text = Continuation().Replace(File.ReadAllText(Path.Combine(ReferenceData.Repository, "services", "Dockerfile")), " ");

    [Fact]
    public void Copies_OfTheRepository_AreThereAndNotIgnored()
    {
        var kept = File.ReadLines(Path.Combine(ReferenceData.Repository, ".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..]).ToHashSet();
        var copied = Copy().Matches(Text).SelectMany(copy => copy.Groups["from"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Contains("services", copied);
        Assert.All(copied, path => Assert.True(Path.Exists(Path.Combine(ReferenceData.Repository, path)), $"{path} is not there"));
        Assert.Equal(copied.Order(StringComparer.Ordinal), kept.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Publish_KnowsEveryServiceByItsFolder()
    {
        Assert.Contains("dotnet publish \"services/${SERVICE}\"", Text, StringComparison.Ordinal);
        foreach (var service in new[] { "Encoder", "Trainer", "Classifier", "AllInOne" })
            Assert.True(File.Exists(Path.Combine(ReferenceData.Repository, "services", service, $"TaskRes.{service}.csproj")));
    }

    [Fact]
    public void Image_RunsAsNobodyAndIsCheckedAsInCompose()
    {
        Assert.Matches(@"(?m)^USER \$\{APP_UID:-[1-9]\d+\}$", Text);
        var check = JsonSerializer.Deserialize<string[]>(HealthCheck().Match(Text).Groups["command"].Value)!;
        Assert.Equal(new ComposeFile().HealthCheck("encoder"), check);
    }

    [GeneratedRegex(@"(?m)^COPY (?!--)(?<from>.+) \S+$")]
    private static partial Regex Copy();

    [GeneratedRegex(@"(?m)^HEALTHCHECK .* CMD (?<command>\[.*\])$")]
    private static partial Regex HealthCheck();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continuation();
}
