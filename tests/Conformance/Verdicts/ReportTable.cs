using System.Globalization;

namespace TaskRes.Conformance.Verdicts;

/// <summary>The table scenario × SDK for people, and below it what was otherwise.</summary>
internal static class ReportTable
{
    private const int Width = 17;

    public static void Write(Report report, TextWriter to)
    {
        var sdks = report.Cells.Select(cell => cell.Sdk).Distinct().ToList();
        var names = report.Scenarios.Max(name => name.Length);
        to.WriteLine($"{"scenario".PadRight(names)}  {string.Concat(sdks.Select(sdk => sdk.PadRight(Width)))}".TrimEnd());
        foreach (var scenario in report.Scenarios)
            to.WriteLine($"{scenario.PadRight(names)}  {string.Concat(report.Cells.Where(cell => cell.Scenario == scenario).Select(cell => Text(cell).PadRight(Width)))}".TrimEnd());
        foreach (var (sdk, reason) in report.Absent) to.WriteLine($"{sdk} did not run: {reason}");
        foreach (var complaint in report.Complaints) to.WriteLine(complaint);
    }

    private static string Text(Cell cell) => cell.Complaints.Count > 0
        ? $"{cell.Complaints.Count} otherwise"
        : string.Create(CultureInfo.InvariantCulture, $"{cell.Steps} ok, {cell.Seconds:0.0} s");
}
