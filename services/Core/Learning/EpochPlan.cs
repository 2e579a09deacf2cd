namespace TaskRes.Core.Learning;

/// <summary>
/// Which examples, in which views, make up each step. The last partial batch is dropped, unless it is the only one.
/// Views are stacked: row <c>view × N + example</c>.
/// </summary>
internal sealed class EpochPlan
{
    private readonly SupportSet _support;
    private readonly long[,]? _order;
    private readonly SeededRandom _random;
    private readonly long[] _examples;

    public EpochPlan(SupportSet support, TrainingSettings settings, long[,]? order)
    {
        _support = support;
        _order = order;
        _random = new SeededRandom(settings.Seed);
        _examples = [.. Enumerable.Range(0, support.Count).Select(index => (long)index)];
        Epochs = order is not null && settings.Epochs is null ? order.GetLength(0) : settings.EpochsFor(support.Shots);
        BatchLength = Math.Min(settings.BatchSize, support.Count);
        Steps = support.Count / BatchLength;
        if (order is not null) Validate(order);
    }

    public int Epochs { get; }

    /// <summary>Examples a step.</summary>
    public int BatchLength { get; }

    /// <summary>Steps an epoch.</summary>
    public int Steps { get; }

    /// <summary>The examples of each of an epoch's steps. Epochs are asked for one after the other.</summary>
    public IEnumerable<long[]> Batches(int epoch)
    {
        if (_order is null) _random.Shuffle(_examples);
        else for (var index = 0; index < _examples.Length; index++) _examples[index] = _order[epoch, index];
        return _examples.Chunk(BatchLength).Take(Steps);
    }

    /// <summary>The stacked rows of some examples: for each, one of its views.</summary>
    public long[] Rows(long[] examples) => _support.Views.Count == 1
        ? examples
        : Array.ConvertAll(examples, example => ((long)_random.Below(_support.Views.Count) * _support.Count) + example);

    private void Validate(long[,] order)
    {
        if (order.GetLength(0) != Epochs || order.GetLength(1) != _support.Count)
            throw TaskResException.Invalid("order", $"it is {order.GetLength(0)} × {order.GetLength(1)} and must be epochs × examples, {Epochs} × {_support.Count}.");
        foreach (var index in order)
            if (index < 0 || index >= _support.Count) throw TaskResException.Invalid("order", $"it names example {index}; examples are numbered 0 to {_support.Count - 1}.");
    }
}
