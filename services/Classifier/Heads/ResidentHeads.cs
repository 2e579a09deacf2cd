using System.Diagnostics.CodeAnalysis;
using TaskRes.Platform.Resources;

namespace TaskRes.Classifier.Heads;

/// <summary>
/// The heads in memory, by tenant and task, least recently used first to go. Eviction only forgets: heads are immutable, and
/// requests hold the one they took.
/// </summary>
internal sealed class ResidentHeads(int maxHeads, long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TaskName, LinkedListNode<ResidentHead>> _byTask = [];
    private readonly LinkedList<ResidentHead> _byUse = [];
    private long _bytes;

    /// <summary>A copy.</summary>
    public IReadOnlyList<TaskName> Tasks
    {
        get
        {
            lock (_gate) return [.. _byTask.Keys];
        }
    }

    public int Count
    {
        get
        {
            lock (_gate) return _byTask.Count;
        }
    }

    public bool TryUse(TaskName task, [NotNullWhen(true)] out ResidentHead? head)
    {
        lock (_gate)
        {
            head = null;
            if (!_byTask.TryGetValue(task, out var node)) return false;
            _byUse.Remove(node);
            _byUse.AddLast(node);
            head = node.Value;
            return true;
        }
    }

    /// <summary>The head without counting as a use.</summary>
    public ResidentHead? Peek(TaskName task)
    {
        lock (_gate) return _byTask.GetValueOrDefault(task)?.Value;
    }

    /// <summary>Puts the head in its task's place and makes room; the newest stays even where it alone is over the bound.</summary>
    public void Set(ResidentHead head)
    {
        lock (_gate)
        {
            RemoveNode(head.Task);
            _byTask[head.Task] = _byUse.AddLast(head);
            _bytes += head.Bytes;
            while (_byUse.Count > 1 && (_byUse.Count > maxHeads || _bytes > maxBytes)) RemoveNode(_byUse.First!.Value.Task);
        }
    }

    public void Remove(TaskName task)
    {
        lock (_gate) RemoveNode(task);
    }

    private void RemoveNode(TaskName task)
    {
        if (!_byTask.Remove(task, out var node)) return;
        _byUse.Remove(node);
        _bytes -= node.Value.Bytes;
    }
}
