using TaskRes.Core.Safetensors;
using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>
/// Tensors to be written as halves, each drawn when its turn comes from a generator of its own, so that none depends on
/// the order.
/// </summary>
internal sealed class RandomTensors(int seed)
{
    private readonly List<TensorData> _all = [];

    public IReadOnlyList<TensorData> All => _all;

    /// <summary>Values from a normal distribution of mean 0.</summary>
    public void Normal(string name, double deviation, params long[] shape)
    {
        var generatorSeed = ((long)seed << 32) + _all.Count;
        Add(name, shape, () =>
        {
            using var generator = new Generator((ulong)generatorSeed);
            return randn(shape, ScalarType.Float32, generator: generator).mul_(deviation);
        });
    }

    public void Constant(string name, double value, params long[] shape) => Add(name, shape, () => full(shape, value, ScalarType.Float32));

    /// <summary>Weights and bias of a linear layer: deviation <paramref name="deviation"/>, bias zero.</summary>
    public void Linear(string name, int outputs, int inputs, double deviation)
    {
        Normal($"{name}.weight", deviation, outputs, inputs);
        Constant($"{name}.bias", 0, outputs);
    }

    /// <summary>A normalisation that changes nothing.</summary>
    public void Norm(string name, int width)
    {
        Constant($"{name}.weight", 1, width);
        Constant($"{name}.bias", 0, width);
    }

    private void Add(string name, long[] shape, Func<Tensor> values) => _all.Add(new TensorData(name, ElementType.F16, shape, () =>
    {
        using var scope = NewDisposeScope();
        return values().to(ScalarType.Float16).bytes.ToArray();
    }));
}
