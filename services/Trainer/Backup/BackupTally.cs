using TaskRes.Trainer.Backup.Format;

namespace TaskRes.Trainer.Backup;

/// <summary>What went into a backup or came out of it. A task counts once it has ended, and not where it was deleted.</summary>
internal sealed class BackupTally
{
    private readonly Counts _counts = new();
    private long _examples;
    private long _revisions;

    public Counts Counts => _counts.Clone();

    public void Add(Record record)
    {
        switch (record.KindCase)
        {
            case Record.KindOneofCase.ApiKey:
                _counts.ApiKeys++;
                break;
            case Record.KindOneofCase.AuditRecord:
                _counts.AuditRecords++;
                break;
            case Record.KindOneofCase.Example:
                _examples++;
                break;
            case Record.KindOneofCase.Revision:
                _revisions++;
                break;
            case Record.KindOneofCase.TaskEnd:
                EndTask(record.TaskEnd);
                break;
        }
    }

    private void EndTask(TaskEnd end)
    {
        if (!end.Deleted)
        {
            _counts.Tasks++;
            _counts.Examples += _examples;
            _counts.Revisions += _revisions;
        }

        (_examples, _revisions) = (0, 0);
    }
}
