using TaskRes.Core.Checkpoints;
using TaskRes.Core.Torch;

namespace TaskRes.Core.Clip;

public sealed class ClipEncoder : IDisposable
{
    private readonly Towers _towers;

    private ClipEncoder(Towers towers, ClipModelInfo info)
    {
        _towers = towers;
        Info = info;
    }

    public ClipModelInfo Info { get; }

    public static ClipEncoder Load(ClipLoadOptions options)
    {
        var device = TorchRuntime.ResolveDevice(options.Device);
        var precision = options.Precision.Resolve(device);
        var folder = Checkpoint.Folder(options.Path);
        using var checkpoint = Checkpoint.Open(options.Path);
        var config = ConfigFiles.Read(checkpoint, folder, options.Activation);
        var towers = new Towers(checkpoint, config, precision, device);
        var fingerprint = Fingerprint.Of(checkpoint, config, "", "");
        TorchRuntime.ReturnFreedMemory();
        return new ClipEncoder(towers, new ClipModelInfo(
            Path.GetFileName(options.Path), fingerprint, config.Architecture, config.EmbeddingDimension, config.ImageSize, config.ContextLength,
            config.VocabularySize, towers.LogitScale, precision, device.ToString(), towers.Parameters, towers.WeightBytes));
    }

    public float[][] EncodeImages(ReadOnlySpan<float> pixels, int count) => _towers.EncodeImages(pixels, count);

    public float[][] EncodeTexts(IReadOnlyList<int[]> ids) => _towers.EncodeTexts(ids);

    public void Dispose() => _towers.Dispose();
}
