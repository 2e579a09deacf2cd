using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using TaskRes.Platform.Resources;

namespace TaskRes.Classifier.Heads;

/// <summary>
/// The tasks whose heads are in memory. To use one takes no lock; to make room, the oldest that was not used since it was last
/// looked at goes (second chance). Eviction only forgets: heads are immutable, and requests hold those they took.
/// </summary>
internal sealed class ResidentTasks(int maxTasks, long maxBytes)
{
    private readonly ConcurrentDictionary<TaskName, Entry> _byName = new();

    // What follows, and all changes of the dictionary, under the lock.
    private readonly Lock _gate = new();
    private readonly LinkedList<Entry> _clock = [];
    private long _bytes;

    /// <summary>A copy.</summary>
    public IReadOnlyList<TaskName> Names => [.. _byName.Keys];

    public int Count => _byName.Count;

    /// <summary>Memory of all heads together.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public bool TryUse(TaskName name, [NotNullWhen(true)] out ServedTask? task)
    {
        task = null;
        if (!_byName.TryGetValue(name, out var entry)) return false;
        // Written once only, so that the processors' caches share it.
        if (!entry.IsUsed) entry.IsUsed = true;
        task = entry.Task;
        return true;
    }

    /// <summary>The task without counting as a use.</summary>
    public ServedTask? Peek(TaskName name) => _byName.GetValueOrDefault(name)?.Task;

    /// <summary>Makes room and puts the task in its place; it is kept even where it alone is over the bound.</summary>
    public void Set(ServedTask task)
    {
        lock (_gate)
        {
            var present = _byName.GetValueOrDefault(task.Name);
            if (present is not null) Forget(present);
            while (_clock.Count > 0 && (_clock.Count >= maxTasks || _bytes + task.Bytes > maxBytes)) TurnClock();
            var entry = new Entry(task) { IsUsed = present is { IsUsed: true } };
            _clock.AddLast(entry.Place);
            _bytes += task.Bytes;
            // In one step, so that nobody finds neither.
            _byName[task.Name] = entry;
        }
    }

    public void Remove(TaskName name)
    {
        lock (_gate)
        {
            if (_byName.TryRemove(name, out var entry)) Forget(entry);
        }
    }

    private void TurnClock()
    {
        var oldest = _clock.First!.Value;
        Forget(oldest);
        if (oldest.IsUsed)
        {
            oldest.IsUsed = false;
            _clock.AddLast(oldest.Place);
            _bytes += oldest.Task.Bytes;
        }
        else
        {
            _byName.TryRemove(oldest.Task.Name, out _);
        }
    }

    private void Forget(Entry entry)
    {
        _clock.Remove(entry.Place);
        _bytes -= entry.Task.Bytes;
    }

    private sealed class Entry
    {
        private volatile bool _isUsed;

        public Entry(ServedTask task) => (Task, Place) = (task, new LinkedListNode<Entry>(this));

        public ServedTask Task { get; }

        public LinkedListNode<Entry> Place { get; }

        public bool IsUsed
        {
            get => _isUsed;
            set => _isUsed = value;
        }
    }
}
