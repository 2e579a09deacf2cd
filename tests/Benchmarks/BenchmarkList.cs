using TaskRes.Benchmarks.Encoding;
using Run = System.Func<System.Threading.Tasks.Task<System.Collections.Generic.IReadOnlyList<TaskRes.Benchmarks.Measurement>>>;

namespace TaskRes.Benchmarks;

/// <summary>The benchmarks by the names that the command line knows them by.</summary>
internal static class BenchmarkList
{
    public static IReadOnlyDictionary<string, Run> All { get; } = new Dictionary<string, Run>
    {
        ["encoding"] = () => Task.FromResult(ImageEncoding.Run()),
        ["images"] = () => Task.FromResult(ImageReading.Run()),
        ["tokenizer"] = () => Task.FromResult(Tokenizing.Run()),
        ["model-memory"] = () => Task.FromResult(ModelMemory.Run()),
        ["training"] = () => Task.FromResult(Training.Run()),
    };
}
