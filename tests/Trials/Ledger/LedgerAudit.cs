using System.Security.Cryptography;
using TaskRes.Client;
using TaskRes.Trials.Processes;
using TaskRes.V1;

namespace TaskRes.Trials.Ledger;

/// <summary>Reads through the services what is there of a tenant's tasks. An example is there when adding it again changes nothing.</summary>
internal static class LedgerAudit
{
    /// <param name="examples">The images by their digests, each with the class that it was added to.</param>
    public static async Task<IReadOnlyDictionary<string, TaskSeen>> ReadAsync(
        TaskResClient trainer, AcknowledgementLedger ledger, IReadOnlyDictionary<string, LabelledImage> examples, CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, TaskSeen>();
        var there = await Outages.OutlastAsync(async () => await trainer.Tasks.ListAsync(cancellationToken).ToListAsync(cancellationToken), cancellationToken);
        foreach (var task in there)
        {
            var revisions = await Outages.OutlastAsync(async () => await trainer.Revisions.ListAsync(task.Name, cancellationToken).Select(revision => revision.Name).ToHashSetAsync(cancellationToken: cancellationToken), cancellationToken);
            var known = new HashSet<string>();
            foreach (var digest in ledger.Examples(task.Name))
                if ((await AddAsync(trainer, task.Name, examples[digest], cancellationToken)).Unchanged == 1) known.Add(digest);
            seen[task.Name] = new TaskSeen(task.LiveRevision, known, revisions);
        }

        return seen;
    }

    public static Task<AddExamplesResponse> AddAsync(TaskResClient trainer, string task, LabelledImage example, CancellationToken cancellationToken) =>
        Outages.OutlastAsync(() => trainer.Training.AddExamplesAsync(new AddExamplesOptions { Task = task }, new[] { example }.ToAsyncEnumerable(), cancellationToken), cancellationToken);

    public static string Digest(LabelledImage example) => Convert.ToHexStringLower(SHA256.HashData(example.Content.Span));
}
