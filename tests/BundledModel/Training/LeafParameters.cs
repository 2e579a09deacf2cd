using System.Runtime.InteropServices;
using TaskRes.Core.Checkpoints;
using TaskRes.Core.Clip;
using TaskRes.Core.Safetensors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TaskRes.BundledModel.Training;

/// <summary>
/// The parameters under Hugging Face's names, as leaves of the autograd graph. As a checkpoint it hands out views of them:
/// the services' own model, built anew over them at each step, is thereby what is trained.
/// </summary>
internal sealed class LeafParameters : ICheckpoint
{
    public const string LogitScaleName = "logit_scale";

    private LeafParameters(SortedDictionary<string, Parameter> all)
    {
        All = all;
        Tensors = all.ToDictionary(entry => entry.Key, entry => new StoredTensor(ElementType.F32, entry.Value.shape), StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, Parameter> All { get; }

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>ln s, of which s is the scale of the cosines.</summary>
    public Parameter LogitScale => All[LogitScaleName];

    /// <summary>Fresh values, drawn as OpenAI's code draws them.</summary>
    public static LeafParameters Random(ClipConfig config, int seed)
    {
        var tensors = new RandomTensors(seed);
        RandomTextTower.Add(tensors, config);
        RandomVitTower.Add(tensors, config, (VitConfig)config.Vision);
        return Of(tensors.All.Select(tensor =>
        {
            var halves = MemoryMarshal.Cast<byte, Half>(tensor.Bytes().Span);
            var values = new float[halves.Length];
            for (var i = 0; i < values.Length; i++) values[i] = (float)halves[i];
            return (tensor.Name, Torch(values, tensor.Shape));
        }));
    }

    public static LeafParameters Of(IEnumerable<(string Name, Tensor Values)> tensors)
    {
        var all = new SortedDictionary<string, Parameter>(StringComparer.Ordinal);
        foreach (var (name, values) in tensors) all[name] = new Parameter(values);
        return new LeafParameters(all);
    }

    public Tensor Read(string name) => All[name].view(All[name].shape);

    public void Dispose()
    {
        foreach (var parameter in All.Values) parameter.Dispose();
    }

    private static Tensor Torch(float[] values, IReadOnlyList<long> shape) => tensor(values).reshape([.. shape]);
}
