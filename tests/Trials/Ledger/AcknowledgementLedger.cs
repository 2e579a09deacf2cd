namespace TaskRes.Trials.Ledger;

/// <summary>What is there of a task.</summary>
internal sealed record TaskSeen(string Live, IReadOnlySet<string> Examples, IReadOnlySet<string> Revisions);

/// <summary>
/// What the services have acknowledged, to be held against what is there in the end. One writer for each task; a change that was
/// sent and not answered may have happened or not.
/// </summary>
internal sealed class AcknowledgementLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _tasks = [];

    /// <summary>The tasks that must be there; a copy.</summary>
    public IReadOnlyList<string> Present
    {
        get
        {
            lock (_gate) return [.. _tasks.Where(task => !task.Value.Deleted).Select(task => task.Key)];
        }
    }

    public void Created(string task, string live) => Change(task, entry =>
    {
        entry.Live = [live];
        entry.Revisions.Add(live);
    });

    public void Added(string task, string digest) => Change(task, entry => entry.Examples.Add(digest));

    public void Published(string task, string revision) => Change(task, entry => entry.Revisions.Add(revision));

    /// <summary>Sent and not yet answered: from now on either revision may be live.</summary>
    public void Promoting(string task, string revision) => Change(task, entry => entry.Live?.Add(revision));

    public void Promoted(string task, string revision) => Change(task, entry => entry.Live = [revision]);

    /// <summary>A job that should have promoted failed: nobody was told what is live.</summary>
    public void LiveUnknown(string task) => Change(task, entry => entry.Live = null);

    public void Deleted(string task) => Change(task, entry => entry.Deleted = true);

    public IReadOnlyList<string> Examples(string task)
    {
        lock (_gate) return _tasks.TryGetValue(task, out var entry) ? [.. entry.Examples] : [];
    }

    public bool LiveIsKnown(string task)
    {
        lock (_gate) return _tasks[task].Live is not null;
    }

    /// <summary>One line for everything acknowledged that is not there, and for everything deleted that is.</summary>
    public IReadOnlyList<string> Losses(IReadOnlyDictionary<string, TaskSeen> seen)
    {
        lock (_gate) return [.. _tasks.SelectMany(task => Losses(task.Key, task.Value, seen.GetValueOrDefault(task.Key)))];
    }

    private static IEnumerable<string> Losses(string task, Entry entry, TaskSeen? seen)
    {
        if (entry.Deleted) return seen is null ? [] : [$"{task} was deleted and is there"];
        if (seen is null) return [$"{task} is lost"];
        return [
            .. entry.Examples.Except(seen.Examples).Select(digest => $"example {digest} of {task} is lost"),
            .. entry.Revisions.Except(seen.Revisions).Select(revision => $"{revision} is lost"),
            .. entry.Live is { } live && !live.Contains(seen.Live) ? [$"the live revision of {task} is {seen.Live} and should be {string.Join(" or ", live)}"] : Array.Empty<string>(),
        ];
    }

    private void Change(string task, Action<Entry> change)
    {
        lock (_gate)
        {
            if (!_tasks.TryGetValue(task, out var entry)) _tasks[task] = entry = new Entry();
            change(entry);
        }
    }

    private sealed class Entry
    {
        public bool Deleted { get; set; }

        // Null where any may be live.
        public HashSet<string>? Live { get; set; } = [];

        public HashSet<string> Examples { get; } = [];

        public HashSet<string> Revisions { get; } = [];
    }
}
