using System.Globalization;
using TaskRes.Core.Clip;
using TaskRes.Core.Safetensors;
using TaskRes.Core.Torch;
using static TorchSharp.torch;

namespace TaskRes.BundledModel.Training;

/// <summary>Saves and restores a training run: parameters, both moments, the count of steps.</summary>
internal static class TrainingState
{
    private const string First = "adam.first.", Second = "adam.second.", Steps = "steps";

    public static Trainer LoadOrCreate(string path, ClipConfig config, int seed)
    {
        TorchRuntime.EnsureLoaded();
        if (File.Exists(path)) return Load(path, config);
        var fresh = LeafParameters.Random(config, seed);
        return new Trainer(config, fresh, new AdamW(fresh), 0);
    }

    public static Trainer Load(string path, ClipConfig config)
    {
        TorchRuntime.EnsureLoaded();
        using var file = SafetensorsFile.Open(path);
        var names = file.Header.Tensors.Keys.Where(name => !name.StartsWith(First, StringComparison.Ordinal) && !name.StartsWith(Second, StringComparison.Ordinal));
        var parameters = LeafParameters.Of(names.Select(name => (name, Read(file, name))).ToList());
        var optimizer = new AdamW(parameters);
        foreach (var name in parameters.All.Keys)
        {
            optimizer.First[name].copy_(Read(file, First + name));
            optimizer.Second[name].copy_(Read(file, Second + name));
        }
        return new Trainer(config, parameters, optimizer, int.Parse(file.Header.Metadata[Steps], CultureInfo.InvariantCulture));
    }

    public static void Save(Trainer trainer, string path) => SafetensorsWriter.Write(
        path,
        [.. trainer.Parameters.All.Select(entry => Data(entry.Key, entry.Value)),
         .. trainer.Optimizer.First.Select(entry => Data(First + entry.Key, entry.Value)),
         .. trainer.Optimizer.Second.Select(entry => Data(Second + entry.Key, entry.Value))],
        new Dictionary<string, string> { [Steps] = trainer.Step.ToString(CultureInfo.InvariantCulture) });

    private static TensorData Data(string name, Tensor values) => TensorData.F32(name, values.detach().data<float>().ToArray(), values.shape);

    private static Tensor Read(SafetensorsFile file, string name) =>
        tensor(file.Floats(name)).reshape([.. file.Entry(name).Shape]);
}
