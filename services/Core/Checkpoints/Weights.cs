using TaskRes.Core.Torch;
using static TorchSharp.torch;

namespace TaskRes.Core.Checkpoints;

/// <summary>
/// What model constructors take their tensors from, and who owns them. A tensor that is missing or misshapen is noted and
/// replaced by an empty one, so that <see cref="Complete"/> can report all faults of a checkpoint at once.
/// </summary>
internal sealed class Weights : IDisposable
{
    private readonly ICheckpoint _checkpoint;
    private readonly ScalarType _type;
    private readonly Device _device;
    private readonly Ledger _ledger;

    public Weights(ICheckpoint checkpoint, ScalarType type, Device device)
        : this(checkpoint, type, device, new Ledger())
    {
    }

    private Weights(ICheckpoint checkpoint, ScalarType type, Device device, Ledger ledger) =>
        (_checkpoint, _type, _device, _ledger) = (checkpoint, type, device, ledger);

    /// <summary>Where they are taken to.</summary>
    public Device Device => _device;

    /// <summary>Values of all tensors taken.</summary>
    public long Parameters => _ledger.Parameters;

    /// <summary>Bytes of what is kept of them on the device.</summary>
    public long Bytes => _ledger.Bytes;

    /// <summary>
    /// The same weights, never in bfloat16 but in float32: for towers whose many roundings its eight bits do not bear.
    /// </summary>
    public Weights NotBfloat16 => _type == ScalarType.BFloat16 ? new(_checkpoint, ScalarType.Float32, _device, _ledger) : this;

    /// <summary>An owned copy of a tensor in the compute type, on the device.</summary>
    public Tensor Take(string name, params ReadOnlySpan<long> shape) => Take(name, _type, 1, shape);

    /// <summary>The same in float32 whatever the compute type: normalisations are computed in it.</summary>
    public Tensor TakeFloat32(string name, params ReadOnlySpan<long> shape) => Take(name, ScalarType.Float32, 1, shape);

    /// <summary>The same multiplied by a constant before it is rounded to the compute type.</summary>
    public Tensor TakeScaled(string name, double scale, params ReadOnlySpan<long> shape) => Take(name, _type, scale, shape);

    /// <summary>The same for the factor W of x·Wᵀ: in panels where <see cref="PanelProduct"/> takes it.</summary>
    public Tensor TakeFactor(string name, double scale, int outputs, int inputs) => Keep(Fits(name, [outputs, inputs]) ? Factor(name, scale) : empty(0));

    /// <summary>
    /// Tensors in float32, on the CPU, from which a constructor derives what it keeps (<see cref="Own"/>); null where one
    /// of them is missing or misshapen.
    /// </summary>
    public Tensor[]? ReadFloat32(params ReadOnlySpan<(string Name, long[] Shape)> wanted)
    {
        var fit = true;
        foreach (var (name, shape) in wanted) fit &= Fits(name, shape);
        return fit ? [.. wanted.ToArray().Select(tensor => _checkpoint.Read(tensor.Name).to(ScalarType.Float32))] : null;
    }

    /// <summary>A copy of a derived tensor, in the compute type, on the device.</summary>
    public Tensor Own(Tensor derived) => Keep(Converted(derived, _type));

    /// <summary>The value of a tensor of one element, with or without a dimension.</summary>
    public float TakeScalar(string name)
    {
        using var scope = NewDisposeScope();
        var isList = _checkpoint.Tensors.TryGetValue(name, out var stored) && stored.Shape is [1];
        var value = Take(name, ScalarType.Float32, 1, isList ? [1] : []);
        return value.numel() == 1 ? value.cpu().item<float>() : 0;
    }

    /// <summary>Ends the taking: whatever did not fit the model is reported.</summary>
    /// <param name="others">The first letters of what is left to another model.</param>
    /// <exception cref="TaskResException"><see cref="ErrorReason.CheckpointMismatch"/> with every missing, extra and
    /// misshapen tensor in its metadata.</exception>
    public void Complete(params string[] others)
    {
        var extra = _checkpoint.Tensors.Keys
            .Where(name => !_ledger.Taken.Contains(name) && !IsBookkeeping(name) && !others.Any(other => name.StartsWith(other, StringComparison.Ordinal)))
            .ToList();
        if (_ledger.Missing.Count + _ledger.Misshapen.Count + extra.Count > 0) throw Mismatch.Of(_ledger.Missing, extra, _ledger.Misshapen);
    }

    /// <summary>
    /// What files hold beside weights: OpenAI's archives repeat sizes, batch normalisation counts its batches, older
    /// OpenCLIP stores its causal mask.
    /// </summary>
    public static bool IsBookkeeping(string name) =>
        name is "input_resolution" or "context_length" or "vocab_size" or "attn_mask"
        || name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    public void Dispose() => _ledger.Owned.ForEach(tensor => tensor.Dispose());

    private Tensor Take(string name, ScalarType type, double scale, ReadOnlySpan<long> shape) =>
        Keep(Fits(name, shape) ? Copy(name, type, scale) : empty(0));

    private Tensor Keep(Tensor tensor)
    {
        _ledger.Owned.Add(tensor.DetachFromDisposeScope());
        _ledger.Bytes += tensor.numel() * tensor.element_size();
        return tensor;
    }

    private bool Fits(string name, ReadOnlySpan<long> shape)
    {
        _ledger.Taken.Add(name);
        if (!_checkpoint.Tensors.TryGetValue(name, out var stored))
            _ledger.Missing.Add(name);
        else if (!stored.Type.IsFloatingPoint())
            _ledger.Misshapen.Add($"{name}: {stored.Type}, not floating point");
        else if (!shape.SequenceEqual([.. stored.Shape]))
            _ledger.Misshapen.Add($"{name}: [{string.Join(", ", stored.Shape)}], not [{string.Join(", ", shape.ToArray())}]");
        else
        {
            _ledger.Parameters += stored.Shape.Aggregate(1L, (count, size) => count * size);
            return true;
        }
        return false;
    }

    private Tensor Factor(string name, double scale)
    {
        using var scope = NewDisposeScope();
        var weight = Copy(name, _type, scale);
        return (PanelProduct.Takes(weight) ? PanelProduct.Panels(weight) : weight).MoveToOuterDisposeScope();
    }

    private Tensor Copy(string name, ScalarType type, double scale)
    {
        using var scope = NewDisposeScope();
        var stored = _checkpoint.Read(name);
        return Converted(scale == 1 ? stored : stored.to(ScalarType.Float32).mul(scale), type).MoveToOuterDisposeScope();
    }

    private Tensor Converted(Tensor tensor, ScalarType type)
    {
        using var scope = NewDisposeScope();
        return tensor.to(type, _device, copy: true).contiguous().MoveToOuterDisposeScope();
    }

    private sealed class Ledger
    {
        public List<Tensor> Owned { get; } = [];

        public HashSet<string> Taken { get; } = new(StringComparer.Ordinal);

        public List<string> Missing { get; } = [];

        public List<string> Misshapen { get; } = [];

        public long Parameters { get; set; }

        public long Bytes { get; set; }
    }
}
