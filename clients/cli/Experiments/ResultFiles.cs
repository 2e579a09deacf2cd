using System.Globalization;
using System.Text;
using TaskRes.Cli.Files;
using TaskRes.Cli.Output;
using TaskRes.Cli.Plots;

namespace TaskRes.Cli.Experiments;

/// <summary>The results as files: CSV, JSON, and plots like the paper's figures.</summary>
internal static class ResultFiles
{
    private const int PlotColumns = 3;

    public static object ForScripts(ResultSummary summary) => new
    {
        rows = summary.Rows,
        means = summary.Models.SelectMany(model => summary.Methods.SelectMany(method => summary.Shots.Select(shots => new { model, method, shots, accuracy = summary.Mean(model, method, shots) })))
            .Where(mean => mean.accuracy is not null),
        difficulty = summary.Difficulties,
        rank_correlation = summary.RankCorrelation,
    };

    /// <returns>The paths of what was written.</returns>
    public static async Task<IReadOnlyList<string>> WriteAsync(string folder, ResultSummary summary)
    {
        var written = new List<string>();
        string PathOf(string name)
        {
            written.Add(Path.Combine(folder, name));
            return written[^1];
        }

        await WriteTextAsync(PathOf("results.csv"), Csv(summary));
        await WriteTextAsync(PathOf("results.json"), Json.Text(ForScripts(summary)) + "\n");
        foreach (var model in summary.Models) Plot.Save(PathOf($"accuracy-{FileName(model)}.svg"), Plots(summary, model), PlotColumns);
        if (summary.RankCorrelation is { } correlation) Difficulty(summary, correlation).Save(PathOf("difficulty.svg"));
        return written;
    }

    private static string Csv(ResultSummary summary)
    {
        var csv = new StringBuilder("model,dataset,trained_on,method,shots,seeds,accuracy,deviation,classes,images,seconds,mean_residual,published,published_model\n");
        foreach (var row in summary.Rows)
        {
            string[] texts = [row.Model, row.Dataset, row.TrainedOn, row.Method];
            csv.AppendJoin(',', texts.Select(Quoted)).Append(CultureInfo.InvariantCulture, $",{row.Shots},{row.Seeds},{row.Accuracy:0.0000},{row.Deviation:0.0000},{row.Classes},{row.Images},{row.Seconds:0.0000},")
                .Append(CultureInfo.InvariantCulture, $"{row.MeanResidual:R},{row.Published?.Accuracy:0.00},{row.Published?.Model}\n");
        }

        return csv.ToString();
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Accuracy against shots, a panel for each dataset, and the mean over them first.</summary>
    private static List<Plot> Plots(ResultSummary summary, string model)
    {
        var plots = new List<Plot>();
        if (summary.DatasetsOf(model).Count > 1)
            plots.Add(Panel($"Mean of {summary.DatasetsOf(model).Count} datasets, {model}", summary, (method, shots) => summary.Mean(model, method, shots)));
        foreach (var dataset in summary.Rows.Where(row => row.Model == model).Select(row => row.Dataset).Distinct())
            plots.Add(Panel($"{dataset}, {model}", summary, (method, shots) => summary.Rows.FirstOrDefault(row => (row.Model, row.Dataset, row.Method, row.Shots) == (model, dataset, method, shots))?.Accuracy));
        return plots;
    }

    private static Plot Panel(string title, ResultSummary summary, Func<string, int, double?> accuracy)
    {
        var plot = new Plot(title, "images a class", "accuracy, %") { FromZero = false };
        foreach (var method in summary.Methods)
        {
            var points = summary.Shots.Where(shots => shots > 0).Select(shots => (X: (double)shots, Y: accuracy(method, shots))).Where(point => point.Y is not null).ToList();
            if (points.Count > 0) plot.Add(method, points.Select(point => (point.X, point.Y!.Value)));
            else if (accuracy(method, 0) is { } level) plot.Level(method, level);
        }

        return plot;
    }

    private static ScatterPlot Difficulty(ResultSummary summary, double correlation)
    {
        var plot = new ScatterPlot(string.Create(CultureInfo.InvariantCulture, $"Residual and difficulty: rank correlation {correlation:0.00}"), "relative transfer difficulty", "mean |x|");
        var one = summary.Models.Count == 1;
        foreach (var point in summary.Difficulties) plot.Add(one ? point.Dataset : $"{point.Dataset} {point.Model}", point.TransferDifficulty, point.MeanResidual);
        return plot;
    }

    private static string FileName(string model) => string.Concat(model.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-' ? letter : '-')).Trim('-');

    private static Task WriteTextAsync(string path, string text) =>
        WholeFile.WriteAsync(path, async stream => await stream.WriteAsync(Encoding.UTF8.GetBytes(text)));
}
