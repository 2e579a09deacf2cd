using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using TaskRes.Cli.Plots;
using TaskRes.Core.Clip;
using TaskRes.Core.Torch;
using static TorchSharp.torch;

namespace TaskRes.Benchmarks.Encoding;

/// <summary>
/// Images through a ViT-B/32 of random weights beside ONNX Runtime with the same weights in float32, on all cores: the best
/// batch of each, one image alone, and how both grow with the batch.
/// </summary>
internal static class ImageEncoding
{
    private const int Repetitions = 5;
    private const string Neighbour = "ONNX Runtime float32";

    private static readonly int[] Batches = [1, 2, 4, 8, 16, 32];

    public static IReadOnlyList<Measurement> Run()
    {
        var folder = Directory.CreateTempSubdirectory("taskres-benchmark-").FullName;
        try
        {
            if (Python.With("torch", "onnx") is not { } python)
                return Unmeasured("there is no Python with torch and onnx, which write the neighbour's model (Debian: python3-torch, python3-onnx)");
            RandomClip.Write("ViT-B/32", folder, seed: 1);
            var onnx = Path.Combine(folder, "vit.onnx");
            python.Run("Encoding/export_vit.py", folder, onnx);
            return Compare(folder, onnx);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IReadOnlyList<Measurement> Compare(string folder, string onnx)
    {
        using var exact = Load(folder, Precision.Fp32);
        using var narrow = TorchRuntime.HasNativeBf16 ? Load(folder, Precision.Bf16) : null;
        using var neighbour = new OnnxTower(onnx);
        var pixels = Pixels(Batches[^1] * exact.Preprocessor.ElementCount);
        HoldAlike(exact.EncodeImages(pixels.AsSpan(0, exact.Preprocessor.ElementCount), 1)[0], neighbour.Encode(pixels.AsMemory(0, exact.Preprocessor.ElementCount), 1));

        Sweep Sweep(Action<int> encode) => new(Batches, Repetitions, encode);
        Sweep Ours(ClipEncoder encoder) => Sweep(batch => encoder.EncodeImages(pixels.AsSpan(0, batch * encoder.Preprocessor.ElementCount), batch));
        var (fp32, ort) = (Ours(exact), Sweep(batch => neighbour.Encode(pixels.AsMemory(0, batch * exact.Preprocessor.ElementCount), batch)));
        var bf16 = narrow is null ? null : Ours(narrow);
        var products = new List<double>();
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            foreach (var batch in Batches)
                foreach (var sweep in new[] { fp32, bf16, ort }) sweep?.Measure(repetition, batch);
            if (bf16 is not null) products.Add(ProductRate());
        }

        Write(new[] { ("bfloat16", bf16), ("float32", fp32), (Neighbour, ort) }.Where(line => line.Item2 is not null).Select(line => (line.Item1, line.Item2!)).ToArray());
        var rows = bf16 is null
            ? Unmeasured("this processor does not multiply bfloat16 natively (AVX512_BF16 or AMX_BF16): it would be emulated, and auto takes float32")
            :
            [
                Measurement.AtLeast(Names.Best, "images/s", Names.BestNeighbour, 1.5, Pairs(bf16.Best, ort.Best)),
                Measurement.AtLeast(Names.Rate, "GFLOP/s", Names.RateNeighbour, 0.75, Pairs([.. bf16.Best.Select(rate => rate * GigaFlopsOfAnImage)], products)),
                Measurement.AtMost(Names.One, "ms", Names.OneNeighbour, 0.75, Pairs(bf16.Milliseconds(1), ort.Milliseconds(1))),
            ];
        return [.. rows.Where(row => row.Name != Names.Exact), Measurement.AtLeast(Names.Exact, "images/s", Names.BestNeighbour, 0.9, Pairs(fp32.Best, ort.Best))];
    }

    private static ClipEncoder Load(string folder, Precision precision) => ClipEncoder.Load(new ClipLoadOptions { Path = folder, Precision = precision, Device = "cpu" });

    private static float[] Pixels(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)];
    }

    /// <summary>A neighbour that computes something else is none.</summary>
    private static void HoldAlike(float[] ours, float[] theirs)
    {
        if (TensorPrimitives.CosineSimilarity(ours, theirs) is var cosine && cosine < 0.9999) throw new InvalidOperationException($"The neighbour's embedding is another: cosine {cosine}.");
    }

    /// <summary>
    /// What is computed, not what the architecture has: 50 tokens through 11 blocks and, in the last, keys and values for
    /// all and the rest for one; two operations for each weight.
    /// </summary>
    private static double GigaFlopsOfAnImage { get; } = 2 * (49 * 3072.0 * 768 + 11 * 50 * 12.0 * 768 * 768 + (50 * 2 + 10) * 768.0 * 768) / 1e9;

    /// <summary>Large products in bfloat16, as libtorch does them, in GFLOP/s.</summary>
    private static double ProductRate()
    {
        const int size = 2048, rounds = 10;
        using var scope = NewDisposeScope();
        var (left, right) = (randn(size, size).to(ScalarType.BFloat16), randn(size, size).to(ScalarType.BFloat16));
        using (left.matmul(right))
        {
        }
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < rounds; i++) left.matmul(right).Dispose();
        return rounds * 2 * Math.Pow(size, 3) / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    private static void Write((string Name, Sweep Sweep)[] lines)
    {
        var plot = new Plot("ViT-B/32 on the CPU: throughput by batch", "images in a batch", "images/s");
        foreach (var (name, sweep) in lines) plot.Add(name, Batches.Select(batch => ((double)batch, sweep.Median(batch))));
        plot.Save(Output.PathOf("encoding.svg"));
        File.WriteAllLines(Output.PathOf("encoding.csv"),
        [
            string.Join(',', lines.Select(line => line.Name).Prepend("batch")),
            .. Batches.Select(batch => string.Join(',', lines.Select(line => line.Sweep.Median(batch).ToString("0.0", CultureInfo.InvariantCulture)).Prepend($"{batch}"))),
        ]);
    }

    private static (double, double)[] Pairs(IReadOnlyList<double> values, IReadOnlyList<double> neighbours) => [.. values.Zip(neighbours)];

    private static Measurement[] Unmeasured(string why) =>
    [
        Measurement.Unmeasured(Names.Best, "images/s", Names.BestNeighbour, "≥ 1.5", why),
        Measurement.Unmeasured(Names.Rate, "GFLOP/s", Names.RateNeighbour, "≥ 0.75", why),
        Measurement.Unmeasured(Names.One, "ms", Names.OneNeighbour, "≤ 0.75", why),
        Measurement.Unmeasured(Names.Exact, "images/s", Names.BestNeighbour, "≥ 0.9", why),
    ];

    private static class Names
    {
        public const string Best = "encoding bf16: ViT-B/32 images, best batch";
        public const string BestNeighbour = Neighbour + ", best batch";
        public const string Rate = "encoding bf16: arithmetic, best batch";
        public const string RateNeighbour = "large bf16 products of libtorch";
        public const string One = "encoding bf16: one image";
        public const string OneNeighbour = Neighbour + ", one image";
        public const string Exact = "encoding fp32: ViT-B/32 images, best batch";
    }
}
