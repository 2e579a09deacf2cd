using TaskRes.Client;
using TaskRes.Core;

namespace TaskRes.Cli.Revisions;

/// <summary>Revisions as people name them: the whole name, the hash, or its beginning as the tables show it.</summary>
internal static class RevisionLookup
{
    /// <summary>The full name of the task's one revision that begins so.</summary>
    /// <exception cref="TaskResException">RevisionNotFound; InvalidField where several begin so.</exception>
    public static async Task<string> FindAsync(TaskResClient client, string task, string revision, CancellationToken cancellationToken)
    {
        if (revision.Contains('/')) return revision;
        string? found = null;
        await foreach (var candidate in client.Revisions.ListAsync(task, cancellationToken))
        {
            if (!candidate.Name[(candidate.Name.LastIndexOf('/') + 1)..].StartsWith(revision, StringComparison.Ordinal)) continue;
            if (found is not null) throw TaskResException.Invalid("REVISION", $"several revisions of {task} begin with '{revision}': give more of it.");
            found = candidate.Name;
        }

        return found ?? throw new TaskResException(
            ErrorReason.RevisionNotFound, $"{task} has no revision '{revision}'; 'taskres revisions {task}' lists them.") { Field = "REVISION" };
    }

    /// <summary>The full name of what the task serves.</summary>
    /// <exception cref="TaskResException">NoLiveRevision.</exception>
    public static async Task<string> LiveAsync(TaskResClient client, string task, CancellationToken cancellationToken)
    {
        var live = (await client.Tasks.GetAsync(task, cancellationToken)).Task.LiveRevision;
        return live.Length > 0 ? live : throw new TaskResException(
            ErrorReason.NoLiveRevision, $"{task} has nothing live yet: train it, or name a revision.");
    }
}
