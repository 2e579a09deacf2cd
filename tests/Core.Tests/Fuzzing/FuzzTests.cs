using System.Text;
using TaskRes.Core.Learning;
using TaskRes.Core.Tests.Text;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Fuzzing;

/// <summary>
/// Coverage-guided fuzzing of the readers of foreign bytes: an input that takes a branch which none took before is kept, and
/// mutated further. A longer run is one with TASKRES_FUZZ_RUNS set.
/// </summary>
public sealed class FuzzTests(InstrumentedCore core) : IClassFixture<InstrumentedCore>
{
    private const int Seed = 20_261_124;

    // A target's inputs have some kilobytes: nothing that is read of them takes more.
    private const long MaxAllocatedBytes = 64 << 20;

    [Theory]
    [InlineData(nameof(FuzzTargets.Revision), 1500)]
    [InlineData(nameof(FuzzTargets.Safetensors), 1500)]
    [InlineData(nameof(FuzzTargets.Image), 400)]
    [InlineData(nameof(FuzzTargets.Tokenizer), 400)]
    [InlineData(nameof(FuzzTargets.PreprocessorFile), 600)]
    public void Read_OfInputsThatReachNewBranches_ReadsOrRefuses(string target, int runs)
    {
        var (read, random, corpus, seen) = (core.Target(target), new Random(Seed), new List<byte[]>(), new HashSet<int>());
        var seeds = Seeds(target).ToArray();
        // Types that are used for the first time allocate once.
        foreach (var seed in seeds) read(seed);
        foreach (var seed in seeds) Run(seed);
        var (bySeeds, total) = (seen.Count, int.TryParse(Environment.GetEnvironmentVariable("TASKRES_FUZZ_RUNS"), out var asked) ? asked : runs);
        for (var run = 0; run < total; run++) Run(Mutations.Of(corpus[random.Next(corpus.Count)], random));
        TestContext.Current.SendDiagnosticMessage($"{target}: {total} runs, {corpus.Count} inputs kept, {bySeeds} branches by the seeds, {seen.Count} in all");

        Assert.NotEqual(0, bySeeds);
        Assert.True(seen.Count > bySeeds, $"{target}: no mutant took a branch that the seeds did not.");

        void Run(byte[] input)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(input);
            }
            catch (Exception exception)
            {
                Assert.Fail($"{target} on {Convert.ToBase64String(input)}: {exception}");
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MaxAllocatedBytes, $"{target} took {allocated} bytes for {Convert.ToBase64String(input)}");
            if (Taken().Count(seen.Add) > 0) corpus.Add(input);
        }

        List<int> Taken()
        {
            var (taken, at) = (new List<int>(), -1);
            while (core.Branches[(at + 1)..].IndexOfAnyExcept((byte)0) is >= 0 and var step) taken.Add(at += step + 1);
            return taken;
        }
    }

    private static IEnumerable<byte[]> Seeds(string target) => target switch
    {
        nameof(FuzzTargets.Revision) or nameof(FuzzTargets.Safetensors) =>
            [Revision.ZeroShot(["cat", "dog"], ["a photo of a {}."], new Matrix(2, 3, [1, 2, 3, 4, 5, 6]), logitScale: 100, new string('f', 64)).ToSafetensors()],
        nameof(FuzzTargets.Image) => Directory.EnumerateFiles(ReferenceData.Golden("images")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
        nameof(FuzzTargets.Tokenizer) => [TokenizerJson()],
        _ => [File.ReadAllBytes(ReferenceData.Golden("vit", "hf", "preprocessor_config.json")), Encoding.UTF8.GetBytes("""{"size": {"shortest_edge": 224}, "crop_size": {"height": 224, "width": 224}}""")],
    };

    private static byte[] TokenizerJson()
    {
        using var folder = new TokenizerFolder().WithSingle();
        return File.ReadAllBytes(Path.Combine(folder.Path, "tokenizer.json"));
    }
}
