using Kind = TaskRes.Trainer.Backup.Format.Record.KindOneofCase;

namespace TaskRes.Trainer.Backup;

/// <summary>The order of a backup's records, as backup.proto has it.</summary>
internal static class BackupOrder
{
    /// <param name="previous"><see cref="Kind.None"/> at the beginning.</param>
    /// <param name="next">The kind of the record after it.</param>
    public static bool MayFollow(Kind previous, Kind next) => next switch
    {
        Kind.Header => previous is Kind.None,
        Kind.Tenant => previous is Kind.Header,
        Kind.ApiKey => previous is Kind.Tenant or Kind.ApiKey,
        Kind.AuditRecord => previous is Kind.Tenant or Kind.ApiKey or Kind.AuditRecord,
        Kind.Task or Kind.End => previous is Kind.Tenant or Kind.ApiKey or Kind.AuditRecord or Kind.TaskEnd,
        Kind.Example => previous is Kind.Task or Kind.Example,
        Kind.Revision => previous is Kind.Task or Kind.Example or Kind.RevisionPart,
        Kind.RevisionPart => previous is Kind.Revision or Kind.RevisionPart,
        Kind.Served => previous is Kind.RevisionPart,
        Kind.Rollout => previous is Kind.Served,
        Kind.TaskEnd => previous is Kind.Task or Kind.Example or Kind.RevisionPart or Kind.Served or Kind.Rollout,
        _ => false,
    };
}
