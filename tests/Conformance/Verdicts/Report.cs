using TaskRes.Conformance.Sdks;

namespace TaskRes.Conformance.Verdicts;

/// <summary>The verdict of a run.</summary>
/// <param name="Scenarios">The rows.</param>
/// <param name="Absent">The SDKs that did not run, each with what this machine lacks.</param>
/// <param name="Cells">A cell for each scenario and each SDK that ran.</param>
internal sealed record Report(IReadOnlyList<string> Scenarios, IReadOnlyDictionary<string, string> Absent, IReadOnlyList<Cell> Cells)
{
    /// <summary>All that is otherwise than expected, or than with the first SDK.</summary>
    public IReadOnlyList<string> Complaints => [.. Cells.SelectMany(cell => cell.Complaints.Select(complaint => $"{cell.Sdk}: {cell.Scenario}: {complaint}"))];

    public static Report Of(CaseFile cases, IReadOnlyList<Sdk> sdks, IReadOnlyList<SdkRun> runs) => new(
        [.. cases.Scenarios.Select(scenario => scenario.Name)],
        sdks.Where(sdk => sdk.Absent is not null).ToDictionary(sdk => sdk.Name, sdk => sdk.Absent!),
        [.. runs.SelectMany(run => cases.Scenarios.Select(scenario => CellOf(scenario, run, runs[0])))]);

    private static Cell CellOf(Scenario scenario, SdkRun run, SdkRun first)
    {
        var placeholders = new Placeholders(run.Known);
        var complaints = new List<string>();
        foreach (var step in scenario.Steps)
        {
            if (!run.Known.TryGetValue(step.Id, out var result))
            {
                complaints.Add($"{step.Id} was not told{(run.Failure is null ? "" : $": {run.Failure}")}");
                break;
            }

            if (result["error"] is not null && step.Expect["error"] is null) complaints.Add($"{step.Id} failed: {result.ToJsonString()}");
            else complaints.AddRange(Expectation.Complaints(placeholders.Fill(step.Expect), result, step.Id));
            complaints.AddRange(Parity.Differences(step, first, run));
        }

        return new Cell(scenario.Name, run.Sdk.Name, scenario.Steps.Count, run.Seconds.GetValueOrDefault(scenario.Name), complaints);
    }
}

/// <summary>How one SDK did in one scenario.</summary>
internal sealed record Cell(string Scenario, string Sdk, int Steps, double Seconds, IReadOnlyList<string> Complaints);
