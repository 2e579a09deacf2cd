using Google.Protobuf;
using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Backup.Format;
using TaskRes.Trainer.Jobs;
using ErrorReason = TaskRes.Core.ErrorReason;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trainer.Backup;

/// <summary>What came of a backup.</summary>
/// <param name="Tenant">As it is now.</param>
/// <param name="Counts">Of what was restored.</param>
/// <param name="KeysLeftOut">Since they would open nothing.</param>
/// <param name="EncoderFingerprints">Of the tasks.</param>
internal sealed record RestoredTenant(TenantRecord Tenant, Counts Counts, int KeysLeftOut, IReadOnlyList<string> EncoderFingerprints);

/// <summary>A tenant out of a backup, whole or not at all.</summary>
internal sealed partial class TenantImport(
    TenantStore tenants, ITaskRegistry registry, RegistryRedis redis, Patience patience, ImportLimits limits, TenantBook book, ILogger<TenantImport> logger)
{
    /// <param name="restoreAs">Null for the name in the file.</param>
    /// <param name="chunks">The file.</param>
    /// <param name="cancellationToken">Ends the import, and takes back what was written.</param>
    /// <exception cref="TaskResException">
    /// TenantAlreadyExists; RevisionCorrupt, InvalidField, LimitExceeded, FeaturesInvalid or EncoderMismatch naming the record at fault; Conflict where the tenant is deleted meanwhile.
    /// </exception>
    public async Task<RestoredTenant> ImportAsync(TenantName? restoreAs, IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, CancellationToken cancellationToken)
    {
        await using var pieces = chunks.GetAsyncEnumerator(cancellationToken);
        using var file = new BackupReader(pieces);
        try
        {
            var header = HeaderOf(await file.ReadAsync(cancellationToken));
            var source = TenantName.Parse(header.Tenant, "header.tenant");
            var names = new BackupNames(source, restoreAs ?? source);
            var tenant = BackupValues.Tenant((await file.ReadAsync(cancellationToken)).Tenant, names);
            var restoring = await RestoringTenant.CreateAsync(redis, tenants, patience, tenant, cancellationToken);
            return await RestoreAsync(new RecordImport(file, restoring, names, registry, redis, limits), tenant, header, cancellationToken);
        }
        catch (TaskResException exception) when (IsOfTheFile(exception.Reason) && !exception.Metadata.ContainsKey("record"))
        {
            throw file.Fault(exception);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw file.Fault("it holds what is no message: the file was altered.", exception);
        }
    }

    private static bool IsOfTheFile(ErrorReason reason) =>
        reason is ErrorReason.InvalidField or ErrorReason.LimitExceeded or ErrorReason.FeaturesInvalid or ErrorReason.RevisionCorrupt or ErrorReason.EncoderMismatch;

    private static Header HeaderOf(Record record) => record.Header.FormatVersion == BackupWriter.FormatVersion
        ? record.Header
        : throw TaskResException.Invalid("header.format_version", $"it is {record.Header.FormatVersion} and this service reads {BackupWriter.FormatVersion}: restore with the version that wrote it, or a newer one.");

    private async Task<RestoredTenant> RestoreAsync(RecordImport records, TenantRecord tenant, Header header, CancellationToken cancellationToken)
    {
        try
        {
            var (counts, keysLeftOut) = await records.ReadAsync(cancellationToken);
            var finished = await records.Tenant.FinishAsync(tenant.State, cancellationToken);
            book.Forget(tenant.Name);
            return new RestoredTenant(finished, counts, keysLeftOut, header.EncoderFingerprints);
        }
        catch
        {
            await AbandonAsync(records.Tenant);
            throw;
        }
    }

    // Also where the caller went away.
    private async Task AbandonAsync(RestoringTenant restoring)
    {
        try
        {
            await restoring.AbandonAsync();
        }
        catch (TaskResException exception)
        {
            Log.NotAbandoned(logger, restoring.Name, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "RestoreNotUndone", Level = LogLevel.Error, Message = "{Tenant} was restored in part and could not be taken back, delete it: {Reason}")]
        public static partial void NotAbandoned(ILogger logger, TenantName tenant, string reason);
    }
}
