namespace TaskRes.Cli.Experiments;

/// <summary>The seeds of a cell together.</summary>
/// <param name="Accuracy">Mean over the seeds, in percent.</param>
/// <param name="Deviation">Standard deviation over the seeds; 0 for one.</param>
/// <param name="Seconds">Mean time of a fit.</param>
internal sealed record SummaryRow(
    string Model, string Dataset, string TrainedOn, string Method, int Shots, int Seeds, double Accuracy, double Deviation, int Classes, int Images, double Seconds, double? MeanResidual)
{
    /// <summary>What the literature says of the same; null for nothing.</summary>
    public PublishedAccuracy? Published => Experiments.Published.Find(Model, Dataset, Method, Shots);
}

/// <summary>How difficult a task is for the model, and how far its residual went (the paper's section 4.4).</summary>
/// <param name="TransferDifficulty">RTD: the accuracy of guessing over that of the base.</param>
/// <param name="MeanResidual">Mean |x|.</param>
internal sealed record DifficultyPoint(string Model, string Dataset, int Shots, double TransferDifficulty, double MeanResidual);

/// <summary>The results of a run, by model, dataset, method and shots, in the order in which they were asked for.</summary>
internal sealed record ResultSummary(IReadOnlyList<SummaryRow> Rows)
{
    private const int FewestPoints = 3;

    public static ResultSummary Of(IEnumerable<CellResult> results) => new(
    [
        .. results
            .GroupBy(result => (result.Model, result.Key.Dataset, result.Key.TrainedOn, result.Key.Method, result.Key.Shots))
            .Select(cells => Row(cells.Key.Model, [.. cells])),
    ]);

    /// <summary>TaskRes of the most shots, a point for each model and dataset.</summary>
    public IReadOnlyList<DifficultyPoint> Difficulties =>
    [
        .. Rows.Where(row => row.MeanResidual is not null && row.Dataset == row.TrainedOn && row.Method == Core.Learning.TrainingSettings.TaskRes)
            .GroupBy(row => (row.Model, row.Dataset))
            .Select(rows => rows.MaxBy(row => row.Shots)!)
            .Select(row => (Row: row, Base: BaseOf(row)))
            .Where(pair => pair.Base is { Accuracy: > 0 })
            .Select(pair => new DifficultyPoint(pair.Row.Model, pair.Row.Dataset, pair.Row.Shots, 100.0 / pair.Row.Classes / pair.Base!.Accuracy, pair.Row.MeanResidual!.Value)),
    ];

    /// <summary>Of RTD and mean |x|; null with fewer than three points.</summary>
    public double? RankCorrelation => Difficulties is { Count: >= FewestPoints } points
        ? Experiments.RankCorrelation.Of([.. points.Select(point => point.TransferDifficulty)], [.. points.Select(point => point.MeanResidual)])
        : null;

    /// <summary>The mean over a model's datasets, where each of them has the cell; shifted test sets count apart.</summary>
    public double? Mean(string model, string method, int shots)
    {
        var datasets = DatasetsOf(model);
        var rows = Rows.Where(row => row.Model == model && row.Method == method && row.Shots == shots && row.Dataset == row.TrainedOn).ToList();
        return rows.Count == datasets.Count && rows.Count > 1 ? rows.Average(row => row.Accuracy) : null;
    }

    /// <summary>The datasets that a model was trained and tested on.</summary>
    public IReadOnlyList<string> DatasetsOf(string model) =>
        [.. Rows.Where(row => row.Model == model && row.Dataset == row.TrainedOn).Select(row => row.Dataset).Distinct()];

    public IReadOnlyList<string> Models => [.. Rows.Select(row => row.Model).Distinct()];

    public IReadOnlyList<int> Shots => [.. Rows.Select(row => row.Shots).Distinct().Order()];

    public IReadOnlyList<string> Methods => [.. Rows.Select(row => row.Method).Distinct()];

    private SummaryRow? BaseOf(SummaryRow row) => Rows
        .Where(other => other.Model == row.Model && other.Dataset == row.Dataset && other.Method == MethodList.ZeroShot && (other.Shots == 0 || other.Shots == row.Shots))
        .FirstOrDefault();

    private static SummaryRow Row(string model, IReadOnlyList<CellResult> cells)
    {
        var mean = cells.Average(cell => cell.Accuracy);
        var deviation = cells.Count == 1 ? 0 : Math.Sqrt(cells.Sum(cell => (cell.Accuracy - mean) * (cell.Accuracy - mean)) / (cells.Count - 1));
        var first = cells[0];
        return new SummaryRow(
            model, first.Key.Dataset, first.Key.TrainedOn, first.Key.Method, first.Key.Shots, cells.Count, mean, deviation, first.Classes, first.Images,
            cells.Average(cell => cell.Seconds), cells.Average(cell => cell.MeanResidual));
    }
}
