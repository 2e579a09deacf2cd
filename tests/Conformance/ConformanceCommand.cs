using System.Text.Json;
using TaskRes.Conformance.Sdks;
using TaskRes.Conformance.Verdicts;

namespace TaskRes.Conformance;

/// <summary><c>[SDK…] [--json FILE]</c>: runs the cases and prints the table scenario × SDK.</summary>
internal static class ConformanceCommand
{
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var file = args is [.., "--json", var path] ? path : null;
        string[] wanted = file is null ? args : args[..^2];
        var unknown = wanted.Except(SdkList.All.Select(sdk => sdk.Name)).ToList();
        if (unknown.Count > 0)
        {
            Console.Error.WriteLine($"{unknown[0]} is none of {string.Join(", ", SdkList.All.Select(sdk => sdk.Name))}");
            return 2;
        }

        var report = await ConformanceRun.RunAsync([.. SdkList.All.Where(sdk => wanted.Length == 0 || wanted.Contains(sdk.Name))], Console.Error.WriteLine, cancellationToken);
        ReportTable.Write(report, Console.Out);
        if (file is not null) await File.WriteAllTextAsync(file, JsonSerializer.Serialize(report, JsonSerializerOptions.Web), cancellationToken);
        return report.Complaints.Count == 0 ? 0 : 1;
    }
}
