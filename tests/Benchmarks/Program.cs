using System.Text.Json;
using Spectre.Console;
using TaskRes.Benchmarks;
using TaskRes.Benchmarks.Serving;

// dotnet run -c Release --project tests/Benchmarks -- [NAME…] [--json FILE] [--out DIR]
if (ModelMemory.IsChild(args)) return ModelMemory.RunChild(args);
if (ServingChild.IsChild(args)) return await ServingChild.RunAsync(args);

string? json = null;
var names = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--json" && i + 1 < args.Length) json = args[++i];
    else if (args[i] == "--out" && i + 1 < args.Length) Output.Folder = args[++i];
    else names.Add(args[i]);
}
if (names.Count == 0) names.AddRange(BenchmarkList.All.Keys);
if (names.Any(name => !BenchmarkList.All.ContainsKey(name)))
{
    Console.Error.WriteLine($"usage: [NAME…] [--json FILE] [--out DIR], NAME one of {string.Join(", ", BenchmarkList.All.Keys)}");
    return 2;
}

var rows = new List<Measurement>();
foreach (var name in names) rows.AddRange(await BenchmarkList.All[name]());
var table = new Table().AddColumns("figure", "value", "unit", "against", "ratio", "spread", "goal", "holds");
foreach (var row in rows)
    table.AddRow(row.Name, $"{row.Value:0.###}", row.Unit, row.Against, $"{row.Ratio:0.000}", $"{row.Spread:P1}", row.Goal, row.Holds is { } holds ? (holds ? "yes" : "NO") : row.Why!);
AnsiConsole.Write(table);
if (json is not null) await File.WriteAllTextAsync(json, JsonSerializer.Serialize(rows, JsonSerializerOptions.Web));
return rows.Any(row => row.Holds == false) ? 1 : 0;
