using TorchSharp;

namespace TaskRes.Core.Checkpoints;

/// <summary>Presents a checkpoint's tensors under other names: as they are, laid out otherwise, or several as one.</summary>
internal abstract class RenamedCheckpoint : ICheckpoint
{
    private readonly ICheckpoint _inner;
    private readonly Dictionary<string, Renamed> _renamed = new(StringComparer.Ordinal);

    /// <exception cref="TaskResException">CheckpointMismatch: tensors come to the same name, or parts of one do not fit together.</exception>
    protected RenamedCheckpoint(ICheckpoint inner, IEnumerable<Renamed> renamed)
    {
        _inner = inner;
        foreach (var tensor in renamed)
            if (!_renamed.TryAdd(tensor.Name, tensor)) throw Mismatch.Of([], [.. tensor.Sources], []);
        Tensors = _renamed.ToDictionary(pair => pair.Key, pair => Stored(pair.Value), StringComparer.Ordinal);
    }

    protected enum Layout
    {
        AsStored,
        Transposed,

        /// <summary>Without the dimensions of 1 before its first other one.</summary>
        Squeezed,
    }

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    public torch.Tensor Read(string name)
    {
        var renamed = _renamed[name];
        if (renamed.Sources.Length > 1) return Concatenated(renamed.Sources);
        var tensor = _inner.Read(renamed.Sources[0]);
        if (renamed.Layout is Layout.AsStored) return tensor;
        using (tensor) return renamed.Layout is Layout.Transposed ? tensor.t() : tensor.view([.. Tensors[name].Shape]);
    }

    public void Dispose() => _inner.Dispose();

    /// <summary>Names that come together where all parts of a tensor are there; those of which one lacks stay apart, to be reported.</summary>
    /// <param name="names">The stored names.</param>
    /// <param name="rename">To the other name, the same for all parts of a tensor.</param>
    /// <param name="parts">How many a tensor of that other name is made of.</param>
    /// <param name="place">Of a stored name among the parts.</param>
    protected static IEnumerable<(string Name, string[] Sources)> Grouped(IEnumerable<string> names, Func<string, string> rename, Func<string, int> parts, Func<string, int> place) => names
        .GroupBy(rename, StringComparer.Ordinal)
        .SelectMany(group => group.Count() == parts(group.Key) ? [(group.Key, group.OrderBy(place).ToArray())] : group.Select(name => (name, new[] { name })));

    private StoredTensor Stored(Renamed renamed)
    {
        var (sources, first) = (renamed.Sources, _inner.Tensors[renamed.Sources[0]]);
        if (renamed.Layout is Layout.Transposed && first.Shape is [var rows, var columns]) return first with { Shape = [columns, rows] };
        if (renamed.Layout is Layout.Squeezed) return first with { Shape = [.. first.Shape.SkipWhile(size => size == 1)] };
        if (sources.Length == 1) return first;

        var parts = sources.Select(source => _inner.Tensors[source]).ToList();
        if (parts.Any(part => part.Shape.Count == 0 || part.Type != first.Type || !part.Shape.Skip(1).SequenceEqual(first.Shape.Skip(1))))
            throw new TaskResException(
                ErrorReason.CheckpointMismatch,
                $"{string.Join(", ", sources)}: their types or shapes differ ({string.Join(", ", parts.Select(part => $"{part.Type} [{string.Join(", ", part.Shape)}]"))}), so that they make no {renamed.Name}.")
            {
                Field = sources[0],
            };
        return first with { Shape = [parts.Sum(part => part.Shape[0]), .. first.Shape.Skip(1)] };
    }

    private torch.Tensor Concatenated(string[] sources)
    {
        var parts = new List<torch.Tensor>();
        try
        {
            foreach (var source in sources) parts.Add(_inner.Read(source));
            return torch.cat(parts);
        }
        finally
        {
            parts.ForEach(part => part.Dispose());
        }
    }

    /// <param name="Name">The other name.</param>
    /// <param name="Sources">The stored tensors that it is of, one after the other along the first dimension.</param>
    /// <param name="Layout">Of one tensor; several are as stored.</param>
    protected sealed record Renamed(string Name, string[] Sources, Layout Layout);
}
