using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using SkiaSharp;
using TaskRes.Core.Clip;
using TaskRes.Core.Images;

namespace TaskRes.Benchmarks.Encoding;

/// <summary>A JPEG of 1280×960 to the pixels that a tower takes, beside Pillow's decoding and resizing, and exact beside fast.</summary>
internal static class ImageReading
{
    private const int Repetitions = 5, Rounds = 41, Photos = 6;

    public static IReadOnlyList<Measurement> Run()
    {
        const string exactName = "images: 1280×960 JPEG to pixels", pillowName = "Pillow, decoding and resizing";
        var photo = Photo(seed: 1);
        var (exact, fast) = (Preprocessor(new PreprocessOptions()), Preprocessor(new PreprocessOptions { FastDecoding = true }));
        var python = Python.With("PIL");
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, photo);
            var runs = Enumerable.Range(0, Repetitions)
                .Select(_ => (Exact: Rate(exact, photo), Fast: Rate(fast, photo), Pillow: python is null ? 1 : PillowRate(python, file))).ToArray();
            return
            [
                python is null
                    ? Measurement.Unmeasured(exactName, "images/s", pillowName, "≥ 1.2", "there is no Python with Pillow (Debian: python3-pil)")
                    : Measurement.AtLeast(exactName, "images/s", pillowName, 1.2, [.. runs.Select(run => (run.Exact, run.Pillow))]),
                Measurement.AtLeast("images: the same, decoded fast", "images/s", "decoded exactly", 2, [.. runs.Select(run => (run.Fast, run.Exact))]),
                Measurement.AtLeast("images: embeddings of photos decoded fast", "least cosine", "decoded exactly", 0.999, [(LeastCosine(), 1)]),
            ];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ImagePreprocessor Preprocessor(PreprocessOptions options) => new(options, new ImageLimits());

    private static double Rate(ImagePreprocessor preprocessor, byte[] photo)
    {
        var pixels = new float[preprocessor.ElementCount];
        var seconds = Enumerable.Range(0, Rounds).Select(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            preprocessor.Preprocess(photo, view: 0, pixels);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
        return 1 / seconds.Order().ElementAt(Rounds / 2);
    }

    private static double PillowRate(Python python, string file) =>
        1 / double.Parse(python.Run("Encoding/time_pillow.py", file, $"{Rounds}"), CultureInfo.InvariantCulture);

    private static float LeastCosine()
    {
        using var encoder = ClipEncoder.Load(new ClipLoadOptions { Path = Path.Combine(AppContext.BaseDirectory, "bundled"), Device = "cpu", Precision = Precision.Fp32 });
        var options = encoder.Preprocessor.Options;
        float[] Embed(byte[] photo, bool fast)
        {
            var preprocessor = Preprocessor(options with { FastDecoding = fast });
            var pixels = new float[preprocessor.ElementCount];
            preprocessor.Preprocess(photo, view: 0, pixels);
            return encoder.EncodeImages(pixels, 1)[0];
        }
        return Enumerable.Range(0, Photos).Select(seed => Photo(seed)).Min(photo => TensorPrimitives.CosineSimilarity<float>(Embed(photo, fast: false), Embed(photo, fast: true)));
    }

    /// <summary>Coarse and fine blotches and the noise of a sensor: about as many bytes as a photo of that size has.</summary>
    private static byte[] Photo(int seed)
    {
        var random = new Random(seed);
        using var bitmap = new SKBitmap(1280, 960, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint();
        foreach (var (scale, opacity) in new[] { (320, 255), (80, 150), (20, 80), (4, 40), (1, 10) })
        {
            using var blotches = new SKBitmap(1280 / scale, 960 / scale, SKColorType.Rgba8888, SKAlphaType.Opaque);
            random.NextBytes(blotches.GetPixelSpan());
            using var image = SKImage.FromBitmap(blotches);
            paint.Color = SKColors.White.WithAlpha((byte)opacity);
            canvas.DrawImage(image, new SKRect(0, 0, 1280, 960), new SKSamplingOptions(SKCubicResampler.Mitchell), paint);
        }
        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return jpeg.ToArray();
    }
}
