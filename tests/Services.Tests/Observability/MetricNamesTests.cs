using System.Reflection;
using System.Text;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Services.Tests.Observability;

/// <summary>
/// services/observability/METRICS.md is made of the instruments; run with TASKRES_WRITE_DOCS=1 to write it anew. A name that
/// changes breaks somebody's dashboard: the changelog must tell of it.
/// </summary>
public sealed class MetricNamesTests
{
    [Fact]
    public void Metrics_InTheDocs_AreThoseOfTheMeter()
    {
        var path = Path.Combine(ObservabilityFiles.Folder, "METRICS.md");
        var table = Table();
        if (Environment.GetEnvironmentVariable("TASKRES_WRITE_DOCS") == "1") File.WriteAllText(path, table);
        Assert.Equal(table, File.ReadAllText(path));
    }

    [Fact]
    public void Instruments_AreNamedByTheConstants()
    {
        var constants = typeof(MetricNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        Assert.Equal(constants.Order(StringComparer.Ordinal), InstrumentList.All().Select(row => row.Name));
    }

    private static string Table()
    {
        var text = new StringBuilder("""
            # Metrics

            Of the meter `TaskRes`, beside those of ASP.NET Core, HttpClient and the runtime. In Prometheus dots are underscores, the unit
            `s` is `_seconds` and `By` is `_bytes`, and counters end in `_total`; each series has the label `job` of its service. With a
            collector histograms carry exemplars, which lead to traces.

            | metric | kind | unit | |
            |---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var row in InstrumentList.All()) text.Append($"| `{row.Name}` | {row.Kind} | {row.Unit} | {row.Description} |\n");
        return text.ToString();
    }
}
