using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TaskRes.Cli.Output;
using TaskRes.Core;
using TaskRes.Core.Clip;
using TaskRes.Core.Learning;
using TaskRes.Core.Safetensors;

namespace TaskRes.Cli.Experiments;

/// <summary>
/// Embeddings kept on the disk by encoder and dataset, so that each image's view is encoded once: a folder of safetensors files,
/// each with some rows and, in its metadata, the keys of them. A file appears whole or not at all, and what was encoded before a
/// run was cut off is there for the next.
/// </summary>
internal sealed class FeatureStore
{
    private const string Features = "features", Keys = "keys", Encoder = "encoder_fingerprint";
    private const int ShardRows = 512;
    private const int ShortDigest = 16;

    private readonly string _folder;
    private readonly string _encoder;
    private readonly Dictionary<string, (string Shard, int Row)> _places = new(StringComparer.Ordinal);

    private FeatureStore(string folder, string encoder)
    {
        (_folder, _encoder) = (folder, encoder);
        foreach (var shard in Directory.EnumerateFiles(folder, "*.safetensors").Order(StringComparer.Ordinal)) Index(shard);
    }

    /// <summary>The store of an encoder's embeddings of a dataset; what it computes in makes a difference too.</summary>
    /// <exception cref="TaskResException">CheckpointCorrupt for a file that is not one of ours, naming it: it may be deleted.</exception>
    public static FeatureStore Open(string cache, ClipModelInfo encoder, string dataset)
    {
        var precision = encoder.Precision.ToString().ToLowerInvariant();
        var folder = Path.Combine(cache, $"{encoder.Fingerprint[..ShortDigest]}-{precision}", dataset);
        return new FeatureStore(Directory.CreateDirectory(folder).FullName, $"{encoder.Fingerprint} {precision}");
    }

    /// <summary>The rows of some keys. What is not there yet is encoded and kept, a file at a time.</summary>
    /// <param name="keys">What names a row: it must change where the row would.</param>
    /// <param name="encode">Gives the rows of some places in <paramref name="keys"/>.</param>
    /// <returns>A row for each key, not normalised.</returns>
    public async Task<Matrix> GetAsync(
        IReadOnlyList<string> keys, Func<IReadOnlyList<int>, Task<float[][]>> encode, string what, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var missing = Enumerable.Range(0, keys.Count).Where(place => !_places.ContainsKey(keys[place])).DistinctBy(place => keys[place]).ToList();
        var done = 0;
        foreach (var places in missing.Chunk(ShardRows))
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress.Report(new Step(done, missing.Count, $"{what}: encoding {missing.Count}"));
            Write([.. places.Select(place => keys[place])], await encode(places));
            done += places.Length;
        }

        return Read(keys);
    }

    private Matrix Read(IReadOnlyList<string> keys)
    {
        var rows = new float[keys.Count][];
        foreach (var shard in Enumerable.Range(0, keys.Count).GroupBy(place => _places[keys[place]].Shard))
        {
            using var file = SafetensorsFile.Open(shard.Key);
            var (values, columns) = (file.Floats(Features), (int)file.Entry(Features).Shape[1]);
            foreach (var place in shard) rows[place] = values.AsSpan(_places[keys[place]].Row * columns, columns).ToArray();
        }

        return Matrix.FromRows(rows, "features").EnsureFinite("features");
    }

    private void Write(string[] keys, float[][] rows)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', keys))))[..(2 * ShortDigest)];
        var path = Path.Combine(_folder, $"{name}.safetensors");
        SafetensorsWriter.Write(
            path,
            [TensorData.F32(Features, [.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length])],
            new Dictionary<string, string> { [Keys] = JsonSerializer.Serialize(keys), [Encoder] = _encoder });
        for (var row = 0; row < keys.Length; row++) _places[keys[row]] = (path, row);
    }

    private void Index(string shard)
    {
        using var file = SafetensorsFile.Open(shard);
        var metadata = file.Header.Metadata;
        if (metadata.GetValueOrDefault(Encoder) != _encoder || Names(metadata) is not { } keys || file.Entry(Features).Shape is not [var rows, > 0] || rows != keys.Length)
            throw new TaskResException(ErrorReason.CheckpointCorrupt, $"{shard} holds no features of this encoder: delete it, and they are made anew.") { Field = shard };
        for (var row = 0; row < keys.Length; row++) _places[keys[row]] = (shard, row);
    }

    private static string[]? Names(IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(metadata.GetValueOrDefault(Keys) ?? "");
        }
        catch (JsonException)
        {
            return null; // not ours: the caller says so
        }
    }
}
