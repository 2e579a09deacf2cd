using System.Security.Cryptography;
using System.Text.Json.Nodes;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Conformance.CSharp;

internal static class RevisionVerbs
{
    public static Dictionary<string, Func<VerbCall, Task<JsonObject>>> All => new()
    {
        ["listRevisions"] = async call =>
            new() { ["names"] = new JsonArray([.. await call.Client.Revisions.ListAsync(call.Text("task"), call.CancellationToken).Select(revision => revision.Name).ToListAsync(call.CancellationToken)]) },
        ["getRevision"] = async call =>
        {
            var revision = await call.Client.Revisions.GetAsync(call.Text("revision"), call.CancellationToken);
            return new() { ["name"] = revision.Name, ["live"] = revision.Live, ["example_count"] = revision.ExampleCount, ["alpha"] = revision.Alpha, ["support_accuracy"] = revision.SupportAccuracy };
        },
        ["promote"] = async call =>
        {
            var options = new PromoteOptions { ExpectedLiveRevision = call.Text("expectedLive"), Etag = call.Text("etag") };
            return TaskVerbs.TaskOf(await call.Client.Revisions.PromoteAsync(call.Text("revision"), options, call.CancellationToken));
        },
        ["rollback"] = async call => TaskVerbs.TaskOf(await call.Client.Revisions.RollbackAsync(call.Text("task"), cancellationToken: call.CancellationToken)),
        ["setRollout"] = async call =>
        {
            var rollout = new Rollout { CanaryRevision = call.Text("canary"), CanaryPercent = call.Args["percent"]!.GetValue<double>() };
            var task = await call.Client.Revisions.SetRolloutAsync(call.Text("task"), rollout, cancellationToken: call.CancellationToken);
            return new() { ["canary_revision"] = task.Rollout.CanaryRevision, ["canary_percent"] = task.Rollout.CanaryPercent };
        },
        ["exportRevision"] = async call =>
        {
            using var file = new MemoryStream();
            await call.Client.Revisions.ExportAsync(call.Text("revision"), file, call.CancellationToken);
            var bytes = call.Files[call.Id] = file.ToArray();
            return new() { ["bytes"] = bytes.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
        },
        ["importRevision"] = async call =>
        {
            using var file = new MemoryStream(call.Files[call.Text("from")]);
            return new() { ["name"] = (await call.Client.Revisions.ImportAsync(call.Text("task"), file, call.CancellationToken)).Name };
        },
    };
}
