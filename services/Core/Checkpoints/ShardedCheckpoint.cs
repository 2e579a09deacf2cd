using System.Text.Json;
using TorchSharp;

namespace TaskRes.Core.Checkpoints;

/// <summary>Several safetensors files under one index (<c>model.safetensors.index.json</c>: <c>weight_map</c> gives each tensor's file).</summary>
internal sealed class ShardedCheckpoint : ICheckpoint
{
    private readonly Dictionary<string, SafetensorsCheckpoint> _shards = new(StringComparer.Ordinal);

    public ShardedCheckpoint(string indexPath)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(indexPath))!;
            foreach (var shard in ShardNames(indexPath)) _shards[shard] = new SafetensorsCheckpoint(Path.Combine(folder, shard));
            Tensors = _shards.Values.SelectMany(shard => shard.Tensors)
                .GroupBy(pair => pair.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Count() == 1
                    ? group.First().Value
                    : throw CheckpointErrors.Corrupt(indexPath, $"tensor '{group.Key}' is in {group.Count()} of the shards"), StringComparer.Ordinal);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    public torch.Tensor Read(string name) => _shards.Values.First(shard => shard.Tensors.ContainsKey(name)).Read(name);

    public void Dispose()
    {
        foreach (var shard in _shards.Values) shard.Dispose();
    }

    private static List<string> ShardNames(string indexPath)
    {
        using var index = JsonFile.Read(indexPath);
        if (!index.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            throw CheckpointErrors.Corrupt(indexPath, "it has no 'weight_map' of tensors to files");

        var names = map.EnumerateObject()
            .Select(pair => pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : "")
            .Distinct(StringComparer.Ordinal).ToList();
        // A shard lies beside its index: a path elsewhere would let a downloaded index open any file.
        foreach (var name in names)
            if (name.Length == 0 || name != Path.GetFileName(name))
                throw CheckpointErrors.Corrupt(indexPath, $"'{name}' is not the name of a file beside it");
        return names;
    }
}
