namespace TaskRes.Benchmarks.Serving;

/// <summary>The whole path of a classification, clients and servers in processes of their own on this machine.</summary>
internal static class ServingFigures
{
    private const int Repetitions = 12;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    /// <summary>Known images beside bare gRPC of the same requests and replies.</summary>
    public static async Task<IReadOnlyList<Measurement>> ByDigestAsync()
    {
        await using var processes = new ServingProcesses();
        await processes.StartRedisAsync();
        var memory = new ClassifyLoad(await processes.ProductAsync(ServingChild.Classifier, "--Synthetic:Tasks=1", "--Synthetic:Classes=100"), processes.Headers, images: 1000, tasks: 1);
        var echo = new ClassifyLoad(await processes.EchoAsync(), processes.Headers, images: 1000, tasks: 1);
        await memory.WarmUpAsync();
        var memoryRuns = await AlternateAsync(memory, echo);
        return [Measurement.AtLeast("classify by digest, 64 in flight: memory", "requests/s", "bare gRPC of equal payload", 0.7, memoryRuns)];
    }

    /// <summary>One after the other, several times; the first time warms up and does not count.</summary>
    private static async Task<IReadOnlyList<(double Value, double Neighbour)>> AlternateAsync(ClassifyLoad value, ClassifyLoad neighbour)
    {
        var runs = new List<(double, double)>();
        for (var run = 0; run <= Repetitions; run++)
        {
            var c0 = Cpu();
            var a = await value.RunAsync(Duration);
            var c1 = Cpu();
            var b = await neighbour.RunAsync(Duration);
            var c2 = Cpu();
            Console.Error.WriteLine($"ours {a:0} cpu {Each(c0, c1, a)}   theirs {b:0} cpu {Each(c1, c2, b)}  ratio {a / b:0.000}");
            runs.Add((a, b));
        }
        static Dictionary<int, double> Cpu() => System.Diagnostics.Process.GetProcessesByName("TaskRes.Benchmarks").Concat(System.Diagnostics.Process.GetProcessesByName("redis-server")).ToDictionary(p => p.Id, p => p.TotalProcessorTime.TotalMicroseconds);
        static string Each(Dictionary<int, double> x, Dictionary<int, double> y, double rate) => string.Join(' ', y.Where(p => x.ContainsKey(p.Key) && p.Value - x[p.Key] > 20000).OrderBy(p => p.Key).Select(p => $"{(p.Value - x[p.Key]) / (rate * Duration.TotalSeconds):0.0}"));
        return runs[1..];
    }
}
