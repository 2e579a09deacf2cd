using TaskRes.Benchmarks.Encoder;
using TaskRes.Benchmarks.Encoding;
using TaskRes.Benchmarks.Learning;
using TaskRes.Benchmarks.Serving;
using Run = System.Func<System.Threading.Tasks.Task<System.Collections.Generic.IReadOnlyList<TaskRes.Benchmarks.Measurement>>>;

namespace TaskRes.Benchmarks;

/// <summary>The benchmarks by the names that the command line knows them by.</summary>
internal static class BenchmarkList
{
    public static IReadOnlyDictionary<string, Run> All { get; } = new Dictionary<string, Run>
    {
        ["encoder-growth"] = EncoderGrowth.RunAsync,
        ["encoder-service"] = EncoderServiceFigures.SaturatedAsync,
        ["encoding"] = () => Task.FromResult(ImageEncoding.Run()),
        ["images"] = () => Task.FromResult(ImageReading.Run()),
        ["methods"] = () => Task.FromResult(MethodTimes.Run()),
        ["model-memory"] = () => Task.FromResult(ModelMemory.Run()),
        ["promotion"] = () => Task.FromResult(PromotionFigures.Run()),
        ["quiet-tenant"] = EncoderServiceFigures.QuietTenantAsync,
        ["serving-by-digest"] = ServingFigures.ByDigestAsync,
        ["serving-growth"] = ServingFigures.GrowthAsync,
        ["serving-many-tasks"] = ServingFigures.ManyTasksAsync,
        ["serving-misses"] = ServingFigures.MissesAsync,
        ["slow-reader"] = EncoderServiceFigures.SlowReaderAsync,
        ["tokenizer"] = () => Task.FromResult(Tokenizing.Run()),
        ["training"] = () => Task.FromResult(Training.Run()),
    };
}
