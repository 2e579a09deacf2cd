using System.Diagnostics;
using System.Globalization;
using TaskRes.Core.Clip;
using TaskRes.Core.Torch;

namespace TaskRes.Benchmarks;

/// <summary>
/// Resident memory that loading a full-size ViT-B/32 adds to a process, against the bytes of the weights in use. Each load
/// is a process of its own: memory that a heap has once taken it may keep.
/// </summary>
internal static class ModelMemory
{
    private const string ChildVerb = "model-memory-child";
    private const int Repetitions = 3;

    public static IReadOnlyList<Measurement> Run()
    {
        var folder = Directory.CreateTempSubdirectory("taskres-benchmark-").FullName;
        try
        {
            RandomClip.Write("ViT-B/32", folder, seed: 1);
            return [.. new[] { "fp32", "bf16" }.SelectMany(precision => Rows(folder, precision))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static bool IsChild(string[] args) => args is [ChildVerb, _, _];

    /// <summary>Prints resident bytes before, resident bytes after and bytes of weights.</summary>
    public static int RunChild(string[] args)
    {
        TorchRuntime.EnsureLoaded();
        var before = Resident();
        using var encoder = ClipEncoder.Load(new ClipLoadOptions { Path = args[1], Precision = Enum.Parse<Precision>(args[2], ignoreCase: true), Device = "cpu" });
        GC.Collect();
        Console.WriteLine(FormattableString.Invariant($"{before} {Resident()} {encoder.Info.WeightBytes}"));
        return 0;
    }

    private static Measurement[] Rows(string folder, string precision)
    {
        var loads = Enumerable.Range(0, Repetitions).Select(_ => Load(folder, precision)).ToArray();
        return
        [
            Measurement.AtMost($"model-memory {precision}: added by loading", "bytes", "weights in use", 1.3, [.. loads.Select(load => (load.After - load.Before, load.Weights))]),
            Measurement.AtMost($"model-memory {precision}: whole process", "bytes", "weights in use", 1.3, [.. loads.Select(load => (load.After, load.Weights))]),
        ];
    }

    private static (double Before, double After, double Weights) Load(string folder, string precision)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [ChildVerb, folder, precision]) { RedirectStandardOutput = true };
        using var child = Process.Start(start)!;
        var numbers = child.StandardOutput.ReadToEnd().Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        child.WaitForExit();
        return (numbers[0], numbers[1], numbers[2]);
    }

    private static long Resident()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
