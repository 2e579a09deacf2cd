using System.Text.Json.Nodes;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Conformance.CSharp;

internal static class ClassificationVerbs
{
    public static Dictionary<string, Func<VerbCall, Task<JsonObject>>> All => new()
    {
        ["classify"] = async call =>
        {
            var answer = await call.Client.Classification.ClassifyAsync(call.Text("task"), File.ReadAllBytes(call.Text("image")), new ClassifyOptions { TopK = call.Number("topK") }, call.CancellationToken);
            return new()
            {
                ["task"] = answer.Task,
                ["revision"] = answer.Revision,
                ["count"] = answer.Predictions.Count,
                ["first"] = answer.Predictions[0].ClassName,
                ["probability"] = answer.Predictions[0].Probability,
                ["sum"] = answer.Predictions.Sum(prediction => prediction.Probability),
                ["tier"] = Names.Of(answer.Tier),
            };
        },
        ["classifyStream"] = async call =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken);
            var answers = new List<ClassifyStreamResponse>();
            await foreach (var answer in call.Client.Classification.ClassifyStreamAsync(call.Text("task"), call.Images().ToAsyncEnumerable(), new ClassifyOptions { TopK = 1 }, stop.Token))
            {
                answers.Add(answer);
                if (answers.Count == call.Number("cancelAfter")) await stop.CancelAsync();
                if (answers.Count == call.Number("restartAfter")) await CSharpRunner.RestartAsync(call.CancellationToken);
            }

            return new()
            {
                ["answers"] = answers.Count,
                ["distinct"] = answers.Select(answer => answer.Sequence).Distinct().Count(),
                ["revisions"] = new JsonArray([.. answers.Where(answer => answer.Response is not null).Select(answer => answer.Response.Revision).Distinct()]),
                ["errors"] = new JsonArray([.. answers.Where(answer => answer.Error is not null).OrderBy(answer => answer.Sequence)
                    .Select(answer => new JsonObject { ["sequence"] = answer.Sequence, ["reason"] = Names.Of(answer.Error.Reason) })]),
            };
        },
    };
}
