using System.Text.Json.Nodes;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Conformance.CSharp;

internal static class TrainingVerbs
{
    public static Dictionary<string, Func<VerbCall, Task<JsonObject>>> All => new()
    {
        ["addExamples"] = async call =>
        {
            var sent = new Sent();
            var options = new AddExamplesOptions { Task = call.Text("task"), Views = call.Number("views"), Sent = sent };
            var response = await call.Client.Training.AddExamplesAsync(options, Examples(call).ToAsyncEnumerable(), call.CancellationToken);
            return new()
            {
                ["added"] = response.Added,
                ["unchanged"] = response.Unchanged,
                ["failed"] = response.Failed,
                ["sent"] = sent.Last,
                ["errors"] = new JsonArray([.. response.Errors.Select(error => new JsonObject { ["sequence"] = error.Sequence, ["reason"] = Names.Of(error.Error.Reason) })]),
            };
        },
        ["train"] = async call =>
        {
            var options = new TrainOptions { Task = call.Text("task"), Settings = new TrainingSettings { Epochs = call.Number("epochs"), BatchSize = call.Number("batchSize") } };
            return new() { ["job"] = (await call.Client.Training.TrainAsync(options, call.CancellationToken)).Name };
        },
        ["getJob"] = async call =>
        {
            var job = await call.Client.Training.GetJobAsync(call.Text("job"), call.CancellationToken);
            return new() { ["state"] = Names.Of(job.State), ["revision"] = job.Revision, ["promoted"] = job.Promoted };
        },
        ["listJobs"] = async call =>
        {
            var options = new ListJobsOptions { State = Enum.Parse<JobState>(call.Text("state"), ignoreCase: true) };
            return new() { ["names"] = new JsonArray([.. await call.Client.Training.ListJobsAsync(call.Text("task"), options, call.CancellationToken).Select(job => job.Name).ToListAsync(call.CancellationToken)]) };
        },
        ["cancelJob"] = async call =>
        {
            await call.Client.Training.CancelJobAsync(call.Text("job"), call.CancellationToken);
            return [];
        },
        ["watchJob"] = async call =>
        {
            var jobs = await call.Client.Training.WatchJobAsync(call.Text("job"), call.CancellationToken).ToListAsync(call.CancellationToken);
            var epochs = jobs.Select(job => job.Progress?.Epoch ?? 0).ToList();
            return new()
            {
                ["state"] = Names.Of(jobs[^1].State),
                ["promoted"] = jobs[^1].Promoted,
                ["revision"] = jobs[^1].Revision,
                ["epoch"] = epochs[^1],
                ["rising"] = epochs.SequenceEqual(epochs.Order()),
                ["updates"] = jobs.Count,
            };
        },
    };

    private static IEnumerable<LabelledImage> Examples(VerbCall call)
    {
        foreach (var example in call.Args["examples"]?.AsArray() ?? [])
            yield return new LabelledImage($"{example![0]}", File.ReadAllBytes($"{example[1]}"));
        if (call.Args["folder"] is null) yield break;
        foreach (var folder in Directory.EnumerateDirectories(call.Text("folder")).Order(StringComparer.Ordinal))
            foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Take(call.Number("perClass")))
                yield return new LabelledImage(Path.GetFileName(folder), File.ReadAllBytes(file));
    }

    private sealed class Sent : IProgress<int>
    {
        public int Last { get; private set; }

        public void Report(int value) => Last = value;
    }
}
