using System.Numerics.Tensors;
using TaskRes.Core.Clip;
using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Bundled;

public sealed class PrecisionParityTests
{
    [Fact]
    public void Embed_InBfloat16_KeepsDirectionAndClass()
    {
        using var exact = BundledFiles.LoadModel();
        using var narrow = ClipEncoder.Load(new ClipLoadOptions { Path = Path.Combine(BundledFiles.Root, "model"), Precision = Precision.Bf16, Device = "cpu" });
        var task = BundledFiles.Task("animals");

        var (expected, _) = task.Embed("test", exact);
        var (actual, _) = task.Embed("test", narrow);
        var (expectedBase, actualBase) = (task.Base(exact), task.Base(narrow));

        var agreeing = 0;
        for (var row = 0; row < expected.Rows; row++)
        {
            Assert.InRange(TensorPrimitives.CosineSimilarity(expected.Row(row), actual.Row(row)), 0.999f, 1.001f);
            if (Nearest(expectedBase, expected.Row(row)) == Nearest(actualBase, actual.Row(row))) agreeing++;
        }
        Assert.InRange((double)agreeing / expected.Rows, 0.98, 1);
    }

    private static int Nearest(Matrix classes, ReadOnlySpan<float> feature)
    {
        var (best, nearest) = (float.NegativeInfinity, -1);
        for (var row = 0; row < classes.Rows; row++)
            if (TensorPrimitives.CosineSimilarity(classes.Row(row), feature) is var cosine && cosine > best) (best, nearest) = (cosine, row);
        return nearest;
    }
}
