using System.CommandLine;
using System.Text.Json;
using TaskRes.Trials;

// dotnet run -c Release --project tests/Trials -- crash|churn|isolation [--seed S] [--minutes M] [--json FILE]
var trial = new Argument<string>("trial") { Description = "Which one." }.AcceptOnlyFromAmong([.. TrialList.Names]);
var seed = new Option<int>("--seed") { Description = "Of all random choices.", DefaultValueFactory = _ => 1 };
var minutes = new Option<double>("--minutes") { Description = "Breaks the trial off as failed after so long.", DefaultValueFactory = _ => 60 };
var json = new Option<FileInfo?>("--json") { Description = "Writes the outcome there too." };
var root = new RootCommand("The long trials: real processes and a real redis-server.") { trial, seed, minutes, json };
root.SetAction(async (parsed, cancellationToken) =>
{
    using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    limit.CancelAfter(TimeSpan.FromMinutes(parsed.GetValue(minutes)));
    var report = await TrialList.RunAsync(parsed.GetValue(trial)!, parsed.GetValue(seed), limit.Token);
    var text = JsonSerializer.Serialize(report, new JsonSerializerOptions(JsonSerializerOptions.Web) { WriteIndented = true });
    Console.WriteLine(text);
    if (parsed.GetValue(json) is { } file) await File.WriteAllTextAsync(file.FullName, text, limit.Token);
    return report.Holds ? 0 : 1;
});
var command = root.Parse(args);
var exit = await command.InvokeAsync();
return command.Errors.Count > 0 ? 2 : exit;
