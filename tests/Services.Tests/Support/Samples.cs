using System.Globalization;
using TaskRes.Core.Learning;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using BaseKind = TaskRes.Platform.Registry.BaseKind;

namespace TaskRes.Services.Tests.Support;

/// <summary>Tasks, examples and revisions to test with.</summary>
internal static class Samples
{
    private static int count;

    /// <summary>A name that no other test uses.</summary>
    public static TenantName Tenant() => new(string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref count)}"));

    public static TaskRecord Task(TaskName name, int classes = 3) => new()
    {
        Name = name,
        ClassNames = [.. Enumerable.Range(0, classes).Select(index => $"class {index}")],
        Templates = ["a photo of a {}."],
        BaseKind = BaseKind.Prompts,
        EncoderFingerprint = "f00d",
        ZeroShotRevision = "abc",
        CreateTime = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_123),
    };

    public static ExampleRecord Example(int seed, int classIndex = 0, int views = 1, int dimension = 4) => new(
        Digest(seed), classIndex, [.. Enumerable.Range(0, views).Select(view => Vector(seed + view, dimension))]);

    public static Sha256Digest Digest(int seed) => Sha256Digest.Of(BitConverter.GetBytes(seed));

    public static float[] Vector(int seed, int dimension)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, dimension).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    public static Revision Revision(int seed, int classes = 3, int dimension = 8) => new()
    {
        ClassNames = [.. Enumerable.Range(0, classes).Select(index => $"class {index}")],
        Templates = ["a photo of a {}."],
        BaseKind = Core.Learning.BaseKind.Prompts,
        Base = new Matrix(classes, dimension, Vector(seed, classes * dimension)),
        Residual = new Matrix(classes, dimension, Vector(seed + 1, classes * dimension)),
        Alpha = 0.5,
        LogitScale = 100,
        EncoderFingerprint = "f00d",
        Settings = new TrainingSettings { Seed = 7, Epochs = 12 },
        Method = "taskres",
        ExampleDigests = [$"{Digest(seed)}"],
        Measured = new Measurements(0.75, 0.5, 0.25),
    };
}
