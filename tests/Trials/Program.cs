using System.CommandLine;
using System.Text.Json;
using TaskRes.Trials;

// dotnet run -c Release --project tests/Trials -- churn|cluster|crash|hostile|isolation|rolling|scale-out|soak [--seed S] [--minutes M] [--json FILE]
var trial = new Argument<string>("trial") { Description = "Which one." }.AcceptOnlyFromAmong([.. TrialList.Names]);
var seed = new Option<int>("--seed") { Description = "Of all random choices.", DefaultValueFactory = _ => 1 };
var minutes = new Option<double?>("--minutes") { Description = "How long the soak lasts (15); after how long another trial is broken off as failed (60)." };
var json = new Option<FileInfo?>("--json") { Description = "Writes the outcome there too." };
var root = new RootCommand("The long trials: real processes and a real redis-server.") { trial, seed, minutes, json };
root.SetAction(async (parsed, cancellationToken) =>
{
    var duration = parsed.GetValue(minutes) is { } given ? TimeSpan.FromMinutes(given) : (TimeSpan?)null;
    var report = await TrialList.RunAsync(parsed.GetValue(trial)!, parsed.GetValue(seed), duration, cancellationToken);
    var text = JsonSerializer.Serialize(report, new JsonSerializerOptions(JsonSerializerOptions.Web) { WriteIndented = true });
    Console.WriteLine(text);
    if (parsed.GetValue(json) is { } file) await File.WriteAllTextAsync(file.FullName, text, CancellationToken.None);
    return report.Holds ? 0 : 1;
});
var command = root.Parse(args);
var exit = await command.InvokeAsync();
return command.Errors.Count > 0 ? 2 : exit;
