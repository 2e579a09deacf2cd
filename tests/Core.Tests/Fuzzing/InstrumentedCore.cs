using System.Runtime.InteropServices;
using System.Runtime.Loader;
using SharpFuzz;
using SharpFuzz.Common;

namespace TaskRes.Core.Tests.Fuzzing;

/// <summary>A copy of the maths' assembly that counts the branches it takes, loaded beside the original with a copy of the targets.</summary>
public sealed unsafe class InstrumentedCore : IDisposable
{
    private const int MapLength = 1 << 16;

    private static readonly string[] Parsers = ["TaskRes.Core.Images", "TaskRes.Core.Safetensors", "TaskRes.Core.Text.Tokenizer", "TaskRes.Core.Text.MergeList", "TaskRes.Core.Text.Vocabulary", "TaskRes.Core.Learning.Revision"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-fuzz-");
    private readonly byte* _map = (byte*)NativeMemory.AllocZeroed(MapLength);
    private readonly Type _targets;

    public InstrumentedCore()
    {
        var core = Path.Combine(_folder.FullName, "TaskRes.Core.dll");
        File.Copy(typeof(TaskResException).Assembly.Location, core);
        // Enumerating it does the work.
        Assert.NotEmpty(Fuzzer.Instrument(core, type => Parsers.Any(name => type.StartsWith(name, StringComparison.Ordinal)), Options.Value).ToList());
        Trace.SharedMem = _map;
        _targets = new Beside(core).LoadFromAssemblyPath(typeof(FuzzTargets).Assembly.Location).GetType(typeof(FuzzTargets).FullName!, throwOnError: true)!;
    }

    /// <summary>How often each branch was taken in the last run, by the hash of where it leads from and to.</summary>
    public ReadOnlySpan<byte> Branches => new(_map, MapLength);

    public Action<byte[]> Target(string name)
    {
        var target = _targets.GetMethod(name)!.CreateDelegate<Action<byte[], string>>();
        var scratch = Path.Combine(_folder.FullName, $"{name}.json");
        return bytes =>
        {
            new Span<byte>(_map, MapLength).Clear();
            target(bytes, scratch);
        };
    }

    // The map stays: a finalizer of the instrumented assembly may still count.
    public void Dispose() => _folder.Delete(recursive: true);

    private sealed class Beside(string core) : AssemblyLoadContext("fuzz")
    {
        protected override System.Reflection.Assembly? Load(System.Reflection.AssemblyName name) =>
            name.Name == Path.GetFileNameWithoutExtension(core) ? LoadFromAssemblyPath(core) : null;
    }
}
