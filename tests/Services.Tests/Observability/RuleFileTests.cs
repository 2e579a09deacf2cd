using TaskRes.Services.Tests.Support;
using TaskRes.Tests;

namespace TaskRes.Services.Tests.Observability;

public sealed class RuleFileTests
{
    [Fact]
    public async Task Rules_ArePromtoolsIdeaOfRules()
    {
        var (exit, output) = await Command.RunAsync(Need.Program("promtool"), ["check", "rules", ObservabilityFiles.Rules]);
        Assert.True(exit == 0, output);
    }

    [Fact]
    public async Task Prometheus_ItsConfiguration_IsPromtoolsIdeaOfOne()
    {
        // It looks for the files too that the containers have.
        var folder = Directory.CreateTempSubdirectory("taskres-promtool-");
        try
        {
            var secret = Path.Combine(folder.FullName, "key");
            await File.WriteAllTextAsync(secret, "a key", TestContext.Current.CancellationToken);
            File.Copy(ObservabilityFiles.Rules, Path.Combine(folder.FullName, "rules.yml"));
            var config = Path.Combine(folder.FullName, "prometheus.yml");
            var text = await File.ReadAllTextAsync(ObservabilityFiles.Prometheus, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(config, text.Replace("/run/secrets/taskres-service-key", secret, StringComparison.Ordinal), TestContext.Current.CancellationToken);
            var (exit, output) = await Command.RunAsync(Need.Program("promtool"), ["check", "config", config]);
            Assert.True(exit == 0, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Alerts_EachHasItsPlaceInTheRunbook()
    {
        var runbook = File.ReadAllText(Path.Combine(ReferenceData.Repository, "services", "OPERATIONS.md"));
        foreach (var rule in Yaml.Load(ObservabilityFiles.Rules).Items("groups").SelectMany(group => group.Items("rules")).Where(rule => rule.Has("alert")))
        {
            var name = rule.Text("alert");
            Assert.Equal($"services/OPERATIONS.md#{name.ToLowerInvariant()}", rule.Text("annotations.runbook"));
            Assert.Contains($"### {name}\n", runbook, StringComparison.Ordinal);
            Assert.Contains(rule.Text("labels.severity"), new[] { "page", "ticket" });
        }
    }

    [Fact]
    public void Collector_ItsPipelines_UseWhatIsConfigured()
    {
        var collector = Yaml.Load(Path.Combine(ObservabilityFiles.Folder, "collector.yaml"));
        Assert.Equal(["logs", "metrics", "traces"], collector.Entries("service.pipelines").Select(pipeline => pipeline.Key).Order(StringComparer.Ordinal));
        foreach (var (_, pipeline) in collector.Entries("service.pipelines"))
            foreach (var kind in new[] { "receivers", "processors", "exporters" })
                Assert.All(pipeline.Texts(kind), name => Assert.True(collector.Find(kind)!.Has(name), $"{kind}: {name} is not configured"));
    }
}
