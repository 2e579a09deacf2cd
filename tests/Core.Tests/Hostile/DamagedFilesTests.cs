using TaskRes.Core.Checkpoints;
using TaskRes.Core.Learning;
using TaskRes.Core.Safetensors;
using TaskRes.Core.Tests.Images;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Hostile;

/// <summary>Files damaged by a seed: each is read, or refused with a reason of the domain. Anything else fails the test.</summary>
public sealed class DamagedFilesTests : IDisposable
{
    private const int Seed = 4_711;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-damaged-");

    public static TheoryData<string> Images => [.. Directory.EnumerateFiles(ReferenceData.Golden("images")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Images))]
    public void Preprocess_DamagedImage_IsReadOrRefused(string name)
    {
        var preprocessor = TestImages.Preprocessor();
        var pixels = new float[preprocessor.ElementCount];
        Refused(TestImages.GoldenFile(name), 150, bytes => preprocessor.Preprocess(bytes, 0, pixels));
        Assert.All(pixels, pixel => Assert.True(float.IsFinite(pixel)));
    }

    [Fact]
    public void Safetensors_Damaged_IsReadOrRefused()
    {
        var original = SafetensorsWriter.ToBytes([TensorData.F32("a", [1, 2, 3, 4], 2, 2), TensorData.I64("b", [5], 1)], new Dictionary<string, string> { ["k"] = "v" });
        Refused(original, 1_000, bytes =>
        {
            using var file = SafetensorsFile.FromBytes(bytes, "damaged");
            foreach (var (name, entry) in file.Header.Tensors)
                if (entry.Type is ElementType.F32) file.Floats(name);
        });
    }

    [Fact]
    public void Revision_Damaged_IsReadOrRefused()
    {
        var revision = Revision.ZeroShot(["cat", "dog"], ["a photo of a {}."], new Matrix(2, 3, [1, 2, 3, 4, 5, 6]), logitScale: 100, new string('f', 64));
        Refused(revision.ToSafetensors(), 1_000, bytes => Revision.Parse(bytes, "damaged"));
    }

    [Theory]
    [InlineData("vit", "openai.pt")]
    [InlineData("rn", "openai.safetensors")]
    public void Checkpoint_Damaged_IsReadOrRefused(string model, string file)
    {
        var path = Path.Combine(_folder.FullName, file);
        Refused(File.ReadAllBytes(ReferenceData.Golden(model, file)), 40, bytes =>
        {
            File.WriteAllBytes(path, bytes);
            using var checkpoint = Checkpoint.Open(path);
            foreach (var name in checkpoint.Tensors.Keys) checkpoint.Read(name).Dispose();
        });
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Refused(byte[] original, int rounds, Action<byte[]> read)
    {
        var random = new Random(Seed);
        var refused = 0;
        for (var round = 0; round < rounds; round++)
        {
            var bytes = Mutations.Of(original, random);
            try
            {
                read(bytes);
            }
            catch (TaskResException exception) when (exception.Reason != ErrorReason.Internal)
            {
                refused++;
            }
            catch (Exception exception)
            {
                Assert.Fail($"round {round}: {exception}");
            }
        }

        Assert.NotEqual(0, refused);
    }
}
