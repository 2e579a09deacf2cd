using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using TaskRes.AllInOne;
using TaskRes.Tests;
using TaskRes.Trials.Processes;

namespace TaskRes.Services.Tests.Observability;

/// <summary>A live suite under load, a real Prometheus that scrapes it, and all that dashboards and alerts ask of that.</summary>
public sealed partial class PrometheusTests
{
    // Rates want two scrapes, averages of a recorded series some evaluations.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_OfEveryDashboardAndRule_AreAnsweredByALiveSuite()
    {
        Need.Program("prometheus");
        Need.Program("redis-server");
        using var services = SeparateServices.Guarded();
        var folder = Directory.CreateTempSubdirectory("taskres-suite-");
        try
        {
            await services.StartAsync(Cancel);
            await using var suite = await Suite.StartAsync(new SuiteOptions { DataFolder = folder.FullName, ModelPath = BundledFiles.ModelFolder, Device = "cpu", Port = 0 }, builder => builder.Logging.ClearProviders(), Cancel);
            using var load = await EveryKindOfCall.StartAsync(services, Cancel);
            using var prometheus = await PrometheusServer.StartAsync(new Dictionary<string, (int, string)>
            {
                ["encoder"] = (services.Encoder.WebPort, SeparateServices.ServiceKey),
                ["trainer"] = (services.Trainer.WebPort, SeparateServices.ServiceKey),
                ["classifier"] = (services.Classifier.WebPort, SeparateServices.ServiceKey),
                ["suite"] = (suite.Web.Port, suite.AdminKey),
            });
            await AnsweredAsync(prometheus, load, [.. ObservabilityFiles.PanelQueries(), .. ObservabilityFiles.AutoscalingQueries(), .. Recorded(), .. Selected(), .. Named()]);

            var rules = await prometheus.RulesAsync();
            Assert.Equal(ObservabilityFiles.RuleQueries("record").Count() + ObservabilityFiles.RuleQueries("alert").Count(), rules.Count);
            Assert.All(rules, rule => Assert.Equal((rule.Name, "ok", ""), rule));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<Query> Recorded() => ObservabilityFiles.RuleQueries("record").Select(rule => new Query($"rule {rule.Where}", rule.Where));

    // An alert is silent as long as all is well: each series that it looks at must be there.
    private static IEnumerable<Query> Selected() =>
        from alert in ObservabilityFiles.RuleQueries("alert")
        from Match selector in Selector().Matches(alert.Expression)
        select new Query($"alert {alert.Where}", selector.Value);

    private static IEnumerable<Query> Named() => InstrumentList.All().Select(instrument => new Query($"metric {instrument.Name}", instrument.PrometheusName));

    // The load goes on until every query has had an answer.
    private static async Task AnsweredAsync(PrometheusServer prometheus, EveryKindOfCall load, IReadOnlyList<Query> queries)
    {
        var open = queries.ToList();
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; open.Count > 0 && Stopwatch.GetElapsedTime(start) < Limit; round++)
        {
            await load.RunAsync(round, Cancel);
            foreach (var query in open.ToList())
                if ((await prometheus.QueryAsync(query.Expression)).Count > 0) open.Remove(query);
        }

        Assert.True(open.Count == 0, $"{open.Count} of {queries.Count} queries have no answer:\n{string.Join('\n', open)}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{queries.Count} queries answered in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
    }

    [GeneratedRegex(@"(?<![\w:""])(taskres[\w:]*|up)(\{[^}]*\})?")]
    private static partial Regex Selector();
}
