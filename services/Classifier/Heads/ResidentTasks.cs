using System.Diagnostics.CodeAnalysis;
using TaskRes.Platform.Resources;

namespace TaskRes.Classifier.Heads;

/// <summary>
/// The tasks whose heads are in memory, least recently used first to go. Eviction only forgets: heads are immutable, and
/// requests hold those they took.
/// </summary>
internal sealed class ResidentTasks(int maxTasks, long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TaskName, LinkedListNode<ServedTask>> _byName = [];
    private readonly LinkedList<ServedTask> _byUse = [];
    private long _bytes;

    /// <summary>A copy.</summary>
    public IReadOnlyList<TaskName> Names
    {
        get
        {
            lock (_gate) return [.. _byName.Keys];
        }
    }

    public int Count
    {
        get
        {
            lock (_gate) return _byName.Count;
        }
    }

    public bool TryUse(TaskName name, [NotNullWhen(true)] out ServedTask? task)
    {
        lock (_gate)
        {
            task = null;
            if (!_byName.TryGetValue(name, out var node)) return false;
            _byUse.Remove(node);
            _byUse.AddLast(node);
            task = node.Value;
            return true;
        }
    }

    /// <summary>The task without counting as a use.</summary>
    public ServedTask? Peek(TaskName name)
    {
        lock (_gate) return _byName.GetValueOrDefault(name)?.Value;
    }

    /// <summary>Puts the task in its place and makes room; the newest stays even where it alone is over the bound.</summary>
    public void Set(ServedTask task)
    {
        lock (_gate)
        {
            RemoveNode(task.Name);
            _byName[task.Name] = _byUse.AddLast(task);
            _bytes += task.Bytes;
            while (_byUse.Count > 1 && (_byUse.Count > maxTasks || _bytes > maxBytes)) RemoveNode(_byUse.First!.Value.Name);
        }
    }

    public void Remove(TaskName name)
    {
        lock (_gate) RemoveNode(name);
    }

    private void RemoveNode(TaskName name)
    {
        if (!_byName.Remove(name, out var node)) return;
        _byUse.Remove(node);
        _bytes -= node.Value.Bytes;
    }
}
