using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>Embeddings out of tensors.</summary>
internal static class Rows
{
    /// <param name="embeddings">batch × D, of any type, on any device.</param>
    /// <param name="rows">Where the batch goes, as float32.</param>
    /// <exception cref="TaskResException"><see cref="ErrorReason.FeaturesInvalid"/>: a value is NaN or infinite.</exception>
    public static void CopyTo(Tensor embeddings, Span<float[]> rows)
    {
        using var scope = NewDisposeScope();
        var values = embeddings.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        var dimension = values.Length / rows.Length;
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = values[(i * dimension)..((i + 1) * dimension)];
            if (!rows[i].All(float.IsFinite))
                throw new TaskResException(
                    ErrorReason.FeaturesInvalid,
                    $"The encoder's output for item {i} of the batch is not finite: the weights are damaged, or too large for the precision; try fp32.")
                {
                    Field = "precision",
                };
        }
    }
}
