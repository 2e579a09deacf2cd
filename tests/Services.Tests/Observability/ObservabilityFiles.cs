using System.Text.Json;
using TaskRes.Services.Tests.Support;
using TaskRes.Tests;

namespace TaskRes.Services.Tests.Observability;

/// <summary>A query and where it stands.</summary>
internal sealed record Query(string Where, string Expression);

/// <summary>The files of services/observability.</summary>
internal static class ObservabilityFiles
{
    // What Grafana puts in the place of its variables.
    private static readonly (string Variable, string Value)[] Variables = [("$__rate_interval", "1m"), ("$job", ".+"), ("$tenant", ".+"), ("$instance", ".+")];

    public static string Folder => Path.Combine(ReferenceData.Repository, "services", "observability");

    public static string Rules => Path.Combine(Folder, "rules.yml");

    public static string Prometheus => Path.Combine(Folder, "prometheus.yml");

    public static IEnumerable<string> Dashboards => Directory.EnumerateFiles(Path.Combine(Folder, "grafana", "dashboards"), "*.json").Order(StringComparer.Ordinal);

    /// <summary>Of every panel of every dashboard, as Grafana would ask them.</summary>
    public static IEnumerable<Query> PanelQueries()
    {
        foreach (var path in Dashboards)
        {
            using var dashboard = JsonDocument.Parse(File.ReadAllText(path));
            foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
            {
                if (!panel.TryGetProperty("targets", out var targets)) continue;
                foreach (var target in targets.EnumerateArray())
                    yield return new Query($"{Path.GetFileName(path)}: {panel.GetProperty("title")}", Filled(target.GetProperty("expr").GetString()!));
            }
        }
    }

    /// <summary>Rules by their name.</summary>
    public static IEnumerable<Query> RuleQueries(string kind) =>
        from @group in Yaml.Load(Rules).Items("groups")
        from rule in @group.Items("rules")
        where rule.Has(kind)
        select new Query(rule.Text(kind), rule.Text("expr"));

    /// <summary>What autoscaling asks, through the adapter of Kubernetes, with the labels that a cluster would add left out.</summary>
    public static IEnumerable<Query> AutoscalingQueries() =>
        from rule in Yaml.Load(Path.Combine(ReferenceData.Repository, "services", "kubernetes", "prometheus-adapter.yaml")).Items("rules.custom")
        select new Query($"adapter {rule.Text("name.as")}", rule.Text("metricsQuery")
            .Replace("<<.GroupBy>>", "job", StringComparison.Ordinal)
            .Replace("<<.Series>>", rule.Text("seriesQuery").Split('{')[0], StringComparison.Ordinal)
            .Replace(",<<.LabelMatchers>>", "", StringComparison.Ordinal));

    private static string Filled(string expression) => Variables.Aggregate(expression, (text, variable) => text.Replace(variable.Variable, variable.Value, StringComparison.Ordinal));
}
