using System.Globalization;
using Spectre.Console;
using TaskRes.Cli.Output;

namespace TaskRes.Cli.Experiments;

/// <summary>The results as people read them: methods by shots, a table for each model, with what is published below ours.</summary>
internal static class ResultTables
{
    private const string None = "";

    public static void Write(IAnsiConsole console, ResultSummary summary)
    {
        foreach (var model in summary.Models)
        {
            console.MarkupLineInterpolated($"[bold]{model}[/]: accuracy in percent by images a class, means of the seeds");
            string[] headings = ["", .. summary.Shots.Select(shots => $">{shots}")];
            Tables.Write(console, headings, Rows(summary, model));
        }

        if (summary.RankCorrelation is { } correlation)
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Rank correlation of mean |x| and relative transfer difficulty: {correlation:0.00} over {summary.Difficulties.Count} tasks");
    }

    private static IEnumerable<string[]> Rows(ResultSummary summary, string model)
    {
        foreach (var dataset in summary.Rows.Where(row => row.Model == model).Select(row => row.Dataset).Distinct())
        {
            yield return Heading(dataset, summary);
            foreach (var method in summary.Methods)
            {
                var rows = summary.Rows.Where(row => row.Model == model && row.Dataset == dataset && row.Method == method).ToDictionary(row => row.Shots);
                if (rows.Count == 0) continue;
                yield return [$"  {method}", .. summary.Shots.Select(shots => rows.TryGetValue(shots, out var row) ? Number(row.Accuracy) : None)];
                if (rows.Values.Select(row => row.Published?.Model).FirstOrDefault(published => published is not null) is { } backbone)
                    yield return [$"    published, {backbone}", .. summary.Shots.Select(shots => rows.GetValueOrDefault(shots)?.Published is { } known && known.Model == backbone ? Number(known.Accuracy) : None)];
            }
        }

        var eleven = Published.AreTheEleven(summary.DatasetsOf(model));
        var hasMean = false;
        foreach (var method in summary.Methods)
        {
            double?[] means = [.. summary.Shots.Select(shots => summary.Mean(model, method, shots))];
            if (means.All(value => value is null)) continue;
            if (!hasMean) yield return Heading("mean", summary);
            hasMean = true;
            yield return [$"  {method}", .. means.Select(Number)];
            PublishedAccuracy?[] published = [.. summary.Shots.Select(shots => eleven ? Published.Mean(method, shots) : null)];
            if (published.FirstOrDefault(known => known is not null) is { } any) yield return [$"    published, {any.Model}", .. published.Select(known => Number(known?.Accuracy))];
        }
    }

    private static string[] Heading(string name, ResultSummary summary) => [name, .. summary.Shots.Select(_ => None)];

    private static string Number(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? None;
}
