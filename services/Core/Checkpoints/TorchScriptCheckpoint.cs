using System.IO.Compression;
using System.Runtime.InteropServices;
using TorchSharp;

namespace TaskRes.Core.Checkpoints;

/// <summary>A TorchScript archive, the form of OpenAI's <c>.pt</c> files: a zip of code, pickles and raw tensors.</summary>
internal sealed class TorchScriptCheckpoint : ICheckpoint
{
    private const long MaxGrowth = 64 << 20;

    private readonly torch.jit.ScriptModule _module;
    private readonly Dictionary<string, torch.Tensor> _tensors;

    public TorchScriptCheckpoint(string path)
    {
        RequireTorchScript(path);
        try
        {
            _module = torch.jit.load(path, DeviceType.CPU);
        }
        catch (ExternalException error)
        {
            throw CheckpointErrors.Corrupt(path, "libtorch cannot read the TorchScript archive; fetch the file anew", error);
        }
        _tensors = _module.state_dict();
        Tensors = _tensors
            .Where(pair => pair.Value.dtype.Element() is not null)
            .ToDictionary(pair => pair.Key, pair => new StoredTensor(pair.Value.dtype.Element()!.Value, pair.Value.shape), StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    public torch.Tensor Read(string name) => _tensors[name].detach();

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values) tensor.Dispose();
        _module.Dispose();
    }

    /// <summary>
    /// Looks into the zip before libtorch does: what <c>torch.save</c> wrote has no code. Tensors are stored as they are
    /// and only code is compressed, so that an archive that grows much was made to fill the memory.
    /// </summary>
    private static void RequireTorchScript(string path)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            if (!zip.Entries.Any(entry => entry.FullName.EndsWith("/constants.pkl", StringComparison.Ordinal)))
                throw PickledCheckpoint.Refuse(path);
            var growth = zip.Entries.Sum(entry => entry.Length) - new FileInfo(path).Length;
            if (growth > MaxGrowth)
                throw CheckpointErrors.Corrupt(path, $"the archive unpacks to {growth} bytes more than it has, over the limit of {MaxGrowth}");
        }
        catch (InvalidDataException error)
        {
            throw CheckpointErrors.Corrupt(path, "the archive is truncated or damaged; fetch the file anew", error);
        }
    }
}
