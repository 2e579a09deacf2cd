namespace TaskRes.Benchmarks.Serving;

/// <summary>The whole path of a classification, clients and servers in processes of their own on this machine.</summary>
internal static class ServingFigures
{
    private const int Repetitions = 5;

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
        for (var run = 0; run <= Repetitions; run++) runs.Add((await value.RunAsync(Duration), await neighbour.RunAsync(Duration)));
        foreach (var (ours, theirs) in runs) Console.Error.WriteLine($"{ours:0} {theirs:0} {ours / theirs:0.000}");
        return runs[1..];
    }
}
