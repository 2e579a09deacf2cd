using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Backup.Format;
using TaskRes.V1;
using AuditRecord = TaskRes.Platform.Access.AuditRecord;
using ErrorReason = TaskRes.Core.ErrorReason;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trainer.Backup;

/// <summary>A whole tenant into a backup.</summary>
internal sealed class TenantExport(TenantStore tenants, ApiKeyStore keys, AuditLog audit, ITaskRegistry registry, RegistryRedis redis, TimeProvider time)
{
    /// <param name="name">The tenant.</param>
    /// <param name="send">Takes the file's next piece, whose bytes are good until it returns.</param>
    /// <param name="cancellationToken">Ends the export.</param>
    /// <exception cref="TaskResException">TenantNotFound; Conflict where it is half there; RevisionCorrupt where something stored is damaged.</exception>
    public async Task ExportAsync(TenantName name, Func<ReadOnlyMemory<byte>, CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        var tenant = await tenants.FindAsync(name, cancellationToken) ?? throw AccessErrors.TenantNotFound(name);
        if (tenant.State is TenantState.Deleting or TenantState.Restoring)
            throw RegistryErrors.Of(ErrorReason.Conflict, $"{name} is {tenant.State.ToString().ToLowerInvariant()}: there is no whole tenant to export.", "tenant", $"{name}");

        using var file = new BackupWriter(send);
        var (tasks, fingerprints) = await TasksAsync(name, cancellationToken);
        await file.WriteAsync(new Record { Header = HeaderOf(name, fingerprints) }, cancellationToken);
        await file.WriteAsync(new Record { Tenant = AccessRecords.Of(tenant) }, cancellationToken);
        foreach (var key in await keys.ListAsync(name, cancellationToken)) await file.WriteAsync(new Record { ApiKey = AccessRecords.Of(key) }, cancellationToken);
        foreach (var record in await AuditAsync(name, cancellationToken)) await file.WriteAsync(new Record { AuditRecord = AccessRecords.Of(record) }, cancellationToken);
        var writer = new TaskExport(redis, registry, file);
        foreach (var task in tasks) await writer.WriteAsync(task, cancellationToken);
        await file.EndAsync(cancellationToken);
    }

    private Header HeaderOf(TenantName name, IEnumerable<string> fingerprints) => new()
    {
        FormatVersion = BackupWriter.FormatVersion,
        Tenant = $"{name}",
        TimeUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
        EncoderFingerprints = { fingerprints },
    };

    private async Task<(List<TaskName> Tasks, SortedSet<string> Fingerprints)> TasksAsync(TenantName name, CancellationToken cancellationToken)
    {
        var (names, fingerprints) = (new List<TaskName>(), new SortedSet<string>(StringComparer.Ordinal));
        await foreach (var task in PagesAsync(page => registry.ListTasksAsync(name, page, cancellationToken)))
        {
            names.Add(task.Name);
            fingerprints.Add(task.EncoderFingerprint);
        }

        return (names, fingerprints);
    }

    // The newest come first, and no more than AuditLog.Kept.
    private async Task<List<AuditRecord>> AuditAsync(TenantName name, CancellationToken cancellationToken)
    {
        var records = await PagesAsync(page => audit.ListAsync(name, page, cancellationToken)).Take(AuditLog.Kept).ToListAsync(cancellationToken);
        records.Reverse();
        return records;
    }

    private static async IAsyncEnumerable<T> PagesAsync<T>(Func<PageRequest, Task<Page<T>>> read)
    {
        string? token = null;
        do
        {
            var page = await read(new PageRequest(PageTokens.MaxPageSize, token));
            foreach (var item in page.Items) yield return item;
            token = page.NextToken;
        }
        while (token is not null);
    }
}
