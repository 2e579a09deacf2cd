using System.Runtime.InteropServices;
using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>A loaded model, its weights and its device: tensors in, embeddings out. Safe to use from several threads.</summary>
internal sealed class Towers : IDisposable
{
    /// <summary>Larger batches gain nothing on a CPU and take memory in proportion.</summary>
    public const int MaxImages = 32;

    private const int MaxTexts = 64;

    private readonly ClipConfig _config;
    private readonly Device _device;
    private readonly Weights _weights;
    private readonly ClipModel _model;

    /// <exception cref="TaskResException"><see cref="ErrorReason.CheckpointMismatch"/> with every tensor that does not fit.</exception>
    public Towers(ICheckpoint checkpoint, ClipConfig config, Precision precision, Device device)
    {
        using var inference = inference_mode();
        (_config, _device) = (config, device);
        _weights = new Weights(checkpoint, precision.ScalarType(), device);
        try
        {
            _model = new ClipModel(config, _weights);
            _weights.Complete();
        }
        catch
        {
            _weights.Dispose();
            throw;
        }
    }

    public float LogitScale => _model.LogitScale;

    public float LogitBias => _model.LogitBias;

    public long Parameters => _weights.Parameters;

    public long WeightBytes => _weights.Bytes;

    /// <summary>count × 3 × S × S pixels → count rows of D.</summary>
    public float[][] EncodeImages(ReadOnlySpan<float> pixels, int count)
    {
        var image = 3 * _config.ImageSize * _config.ImageSize;
        if (count < 0 || pixels.Length != (long)count * image)
            throw TaskResException.Invalid("pixels", $"{pixels.Length} values are not {count} images of 3×{_config.ImageSize}×{_config.ImageSize}.");
        var rows = new float[count][];
        for (var start = 0; start < count; start += MaxImages)
        {
            var batch = Math.Min(MaxImages, count - start);
            EncodeImageBatch(pixels.Slice(start * image, batch * image), rows.AsSpan(start, batch));
        }
        return rows;
    }

    /// <summary>Token ids, of any lengths → a row of D each.</summary>
    public float[][] EncodeTexts(IReadOnlyList<int[]> ids)
    {
        var rows = new float[ids.Count][];
        for (var start = 0; start < ids.Count; start += MaxTexts)
        {
            var count = Math.Min(MaxTexts, ids.Count - start);
            EncodeTextBatch(TokenBatch.Of(ids, start, count, _config), rows.AsSpan(start, count));
        }
        return rows;
    }

    public void Dispose() => _weights.Dispose();

    private void EncodeImageBatch(ReadOnlySpan<float> pixels, Span<float[]> rows)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var images = empty(rows.Length, 3, _config.ImageSize, _config.ImageSize, ScalarType.Float32);
        MemoryMarshal.AsBytes(pixels).CopyTo(images.bytes);
        Rows.CopyTo(_model.Visual.Forward(images.to(_device)), rows);
    }

    private void EncodeTextBatch(TokenBatch batch, Span<float[]> rows)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var ids = tensor(batch.Ids, rows.Length, batch.Length).to(_device);
        var endOfText = tensor(batch.EndOfText).to(_device);
        Rows.CopyTo(_model.Text.Forward(ids, endOfText), rows);
    }
}
