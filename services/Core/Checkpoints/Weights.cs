using static TorchSharp.torch;

namespace TaskRes.Core.Checkpoints;

/// <summary>
/// What model constructors take their tensors from, and who owns them. A tensor that is missing or misshapen is noted and
/// replaced by an empty one, so that <see cref="Complete"/> can report all faults of a checkpoint at once.
/// </summary>
internal sealed class Weights(ICheckpoint checkpoint, ScalarType type, Device device) : IDisposable
{
    private readonly List<Tensor> _owned = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<string> _missing = [];
    private readonly List<string> _misshapen = [];

    public long Parameters { get; private set; }

    /// <summary>Bytes of all tensors taken, as they lie on the device.</summary>
    public long Bytes { get; private set; }

    /// <summary>An owned copy of a tensor in the compute type, on the device.</summary>
    public Tensor Take(string name, params ReadOnlySpan<long> shape) => Take(name, type, 1, shape);

    /// <summary>The same in float32 whatever the compute type: normalisations are computed in it.</summary>
    public Tensor TakeFloat32(string name, params ReadOnlySpan<long> shape) => Take(name, ScalarType.Float32, 1, shape);

    /// <summary>The same multiplied by a constant before it is rounded to the compute type.</summary>
    public Tensor TakeScaled(string name, double scale, params ReadOnlySpan<long> shape) => Take(name, type, scale, shape);

    /// <summary>The value of a tensor of one element.</summary>
    public float TakeScalar(string name)
    {
        using var scope = NewDisposeScope();
        var value = Take(name, ScalarType.Float32, 1, []);
        return value.numel() == 1 ? value.cpu().item<float>() : 0;
    }

    /// <summary>Ends the taking: whatever did not fit the model is reported.</summary>
    /// <exception cref="TaskResException"><see cref="ErrorReason.CheckpointMismatch"/> with every missing, extra and
    /// misshapen tensor in its metadata.</exception>
    public void Complete()
    {
        var extra = checkpoint.Tensors.Keys.Where(name => !_taken.Contains(name) && !IsBookkeeping(name)).ToList();
        if (_missing.Count + _misshapen.Count + extra.Count > 0) throw Mismatch.Of(_missing, extra, _misshapen);
    }

    /// <summary>
    /// What files hold beside weights: OpenAI's archives repeat sizes, batch normalisation counts its batches, older
    /// OpenCLIP stores its causal mask.
    /// </summary>
    public static bool IsBookkeeping(string name) =>
        name is "input_resolution" or "context_length" or "vocab_size" or "attn_mask"
        || name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    public void Dispose() => _owned.ForEach(tensor => tensor.Dispose());

    private Tensor Take(string name, ScalarType type, double scale, ReadOnlySpan<long> shape)
    {
        _taken.Add(name);
        var tensor = Fits(name, shape) ? Copy(name, type, scale) : empty(0);
        _owned.Add(tensor.DetachFromDisposeScope());
        Parameters += tensor.numel();
        Bytes += tensor.numel() * tensor.element_size();
        return tensor;
    }

    private bool Fits(string name, ReadOnlySpan<long> shape)
    {
        if (!checkpoint.Tensors.TryGetValue(name, out var stored))
            _missing.Add(name);
        else if (!stored.Type.IsFloatingPoint())
            _misshapen.Add($"{name}: {stored.Type}, not floating point");
        else if (!shape.SequenceEqual([.. stored.Shape]))
            _misshapen.Add($"{name}: [{string.Join(", ", stored.Shape)}], not [{string.Join(", ", shape.ToArray())}]");
        else return true;
        return false;
    }

    private Tensor Copy(string name, ScalarType type, double scale)
    {
        using var scope = NewDisposeScope();
        var stored = checkpoint.Read(name);
        if (scale != 1) stored = stored.to(ScalarType.Float32).mul(scale);
        var copy = stored.to(type, device, copy: true).contiguous();
        return copy.MoveToOuterDisposeScope();
    }
}
