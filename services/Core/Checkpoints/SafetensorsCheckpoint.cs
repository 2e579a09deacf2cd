using TaskRes.Core.Safetensors;
using TorchSharp;

namespace TaskRes.Core.Checkpoints;

/// <summary>
/// A safetensors file, mapped: one flat tensor per element type lies over the whole file, and each tensor is a window of
/// it. Nothing is copied, and pages are read when they are used.
/// </summary>
internal sealed class SafetensorsCheckpoint : ICheckpoint
{
    private readonly string _path;
    private readonly SafetensorsFile _file;
    private readonly Dictionary<ElementType, torch.Tensor> _mappings = [];

    public SafetensorsCheckpoint(string path)
    {
        _path = path;
        _file = SafetensorsFile.Open(path);
        Tensors = _file.Header.Tensors.ToDictionary(
            pair => pair.Key, pair => new StoredTensor(pair.Value.Type, pair.Value.Shape), StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    public torch.Tensor Read(string name)
    {
        var entry = _file.Entry(name);
        var size = entry.Type.Size();
        var start = _file.Header.DataStart + entry.Offset;
        long[] shape = [.. entry.Shape];
        if (start % size == 0)
        {
            using var window = Mapping(entry.Type).narrow(0, start / size, entry.Length / size);
            return window.view(shape);
        }

        // The format aligns no tensor but the first: one that follows a smaller type may lie askew.
        var copy = torch.empty(shape, entry.Type.Scalar());
        copy.bytes = _file.Bytes(name).ToArray();
        return copy;
    }

    public void Dispose()
    {
        foreach (var mapping in _mappings.Values) mapping.Dispose();
        _file.Dispose();
    }

    private torch.Tensor Mapping(ElementType type)
    {
        if (_mappings.TryGetValue(type, out var mapping)) return mapping;
        var elements = new FileInfo(_path).Length / type.Size();
        mapping = torch.from_file(_path, shared: false, elements, type.Scalar()).DetachFromDisposeScope();
        return _mappings[type] = mapping;
    }
}
