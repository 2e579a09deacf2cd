using System.Text.Json;
using Spectre.Console;
using TaskRes.Benchmarks;
using TaskRes.Benchmarks.Serving;

// dotnet run -c Release --project tests/Benchmarks -- [NAME…] [--json FILE]
if (ModelMemory.IsChild(args)) return ModelMemory.RunChild(args);
if (ServingChild.IsChild(args)) return await ServingChild.RunAsync(args);

var jsonAt = Array.IndexOf(args, "--json");
var names = args.Where((_, i) => jsonAt < 0 || (i != jsonAt && i != jsonAt + 1)).DefaultIfEmpty().ToArray();
if (names is [null]) names = [.. BenchmarkList.All.Keys];
if (jsonAt == args.Length - 1 && jsonAt >= 0 || names.Any(name => !BenchmarkList.All.ContainsKey(name!)))
{
    Console.Error.WriteLine($"usage: [NAME…] [--json FILE], NAME one of {string.Join(", ", BenchmarkList.All.Keys)}");
    return 2;
}

var rows = new List<Measurement>();
foreach (var name in names) rows.AddRange(await BenchmarkList.All[name!]());
var table = new Table().AddColumns("figure", "value", "unit", "against", "ratio", "spread", "goal", "holds");
foreach (var row in rows)
    table.AddRow(row.Name, $"{row.Value:0.###}", row.Unit, row.Against, $"{row.Ratio:0.000}", $"{row.Spread:P1}", row.Goal, row.Holds is { } holds ? (holds ? "yes" : "NO") : row.Why!);
AnsiConsole.Write(table);
if (jsonAt >= 0) await File.WriteAllTextAsync(args[jsonAt + 1], JsonSerializer.Serialize(rows, JsonSerializerOptions.Web));
return rows.Any(row => row.Holds == false) ? 1 : 0;
