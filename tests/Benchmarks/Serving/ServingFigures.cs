using TaskRes.Cli.Plots;
using TaskRes.Core.Clip;

namespace TaskRes.Benchmarks.Serving;

/// <summary>The whole path of a request: access required, a client and each server in a process of its own on this machine.</summary>
internal static class ServingFigures
{
    // The runtime compiles what is hot again, in the background.
    private const int WarmUps = 4;
    private const int Repetitions = 5;
    private const int GrowthRepetitions = 3;
    private const string NoMemory = "--EmbeddingCache:MaxEntries=0";
    private const string NoRedis = "--Redis:Cache=127.0.0.1:1";

    private static readonly SyntheticTasks Usual = new(Count: 5, Classes: 100);

    /// <summary>Known images beside bare gRPC of the same requests and replies.</summary>
    public static async Task<IReadOnlyList<Measurement>> ByDigestAsync()
    {
        await using var processes = new ServingProcesses();
        await processes.StartRedisAsync();
        var (memory, redis) = (await LearnedAsync(processes, Usual), await LearnedAsync(processes, Usual, NoMemory));
        var echo = new ClassifyLoad(await processes.EchoAsync(), processes.Headers, Usual.First(Usual.Count));
        return
        [
            Measurement.AtLeast("classify by digest, 64 in flight: from memory", "requests/s", "bare gRPC of equal payload", 0.7, await AlternateAsync(memory.RunAsync, echo.RunAsync)),
            Measurement.AtLeast("classify by digest, 64 in flight: from Redis", "requests/s", "bare gRPC of equal payload", 0.35, await AlternateAsync(redis.RunAsync, echo.RunAsync)),
        ];
    }

    /// <summary>What the caches cost where they never help, before an encoder of full size.</summary>
    public static async Task<IReadOnlyList<Measurement>> MissesAsync()
    {
        var folder = Directory.CreateTempSubdirectory("taskres-benchmark-").FullName;
        try
        {
            RandomClip.Write("ViT-B/32", folder, seed: 1);
            await using var processes = new ServingProcesses();
            await processes.StartRedisAsync();
            string[] model = [$"--Model:Path={folder}", "--Model:Device=cpu"];
            var cached = new MissLoad(await processes.ReadyAsync(ServingChild.Suite, model), processes.Headers);
            var plain = new MissLoad(await processes.ReadyAsync(ServingChild.Suite, [.. model, NoMemory, NoRedis]), processes.Headers);
            return [Measurement.AtLeast("encode ViT-B/32, every image new", "images/s", "without caches", 0.97, await AlternateAsync(cached.RunAsync, plain.RunAsync, warmUps: 1))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Requests for many tasks in turn beside those for a few, of the same 5,000 in memory.</summary>
    public static async Task<IReadOnlyList<Measurement>> ManyTasksAsync()
    {
        var tasks = Usual with { Count = 5000 };
        await using var processes = new ServingProcesses();
        await processes.StartRedisAsync();
        var channel = await processes.ProductAsync(ServingChild.Classifier, $"--Synthetic:Tasks={tasks}");
        var (few, many) = (new ClassifyLoad(channel, processes.Headers, tasks.First(Usual.Count)), new ClassifyLoad(channel, processes.Headers, tasks.First(tasks.Count)));
        await few.LearnAsync();
        return [Measurement.AtLeast("classify by digest, 5,000 tasks of 100 × 512", "requests/s", "5 of them", 0.99, await AlternateAsync(many.RunAsync, few.RunAsync))];
    }

    /// <summary>How the throughput falls as classes and tasks grow.</summary>
    public static async Task<IReadOnlyList<Measurement>> GrowthAsync()
    {
        int[] counts = [5, 50, 500, 5000];
        SyntheticTasks[] byClasses = [.. new[] { 10, 100, 1000, 10_000 }.Select(classes => Usual with { Classes = classes })];
        var byTasks = Usual with { Count = counts[^1] };
        await using var processes = new ServingProcesses();
        await processes.StartRedisAsync();
        var channel = await processes.ProductAsync(
            ServingChild.Classifier, $"--Synthetic:Tasks={string.Join(',', [.. byClasses.Where(tasks => tasks.Classes != byTasks.Classes), byTasks])}", "--Classifier:MaxHeadBytes=2000000000");
        await new ClassifyLoad(channel, processes.Headers, Usual.First(1)).LearnAsync();

        var classRows = await GrowAsync("classes, of 5 tasks", byClasses.Select(tasks => (tasks.Classes, new ClassifyLoad(channel, processes.Headers, tasks.First(tasks.Count)))));
        var taskRows = await GrowAsync("tasks, of 100 classes", counts.Select(count => (count, new ClassifyLoad(channel, processes.Headers, byTasks.First(count)))));
        new Plot("Classify by digest, from memory", "classes, or tasks", "requests/s")
            .Add("by classes", Points(classRows))
            .Add("by tasks", Points(taskRows))
            .Save(Output.PathOf("serving-growth.svg"));
        return [.. classRows.Concat(taskRows).Select(row => row.Row)];
    }

    private static IEnumerable<(double X, double Y)> Points(IEnumerable<(int Size, Measurement Row)> rows) => rows.Select(row => ((double)row.Size, row.Row.Value!.Value));

    private static async Task<IReadOnlyList<(int Size, Measurement Row)>> GrowAsync(string what, IEnumerable<(int Size, ClassifyLoad Load)> loads)
    {
        var sizes = loads.ToArray();
        var rows = new List<(int, Measurement)>();
        foreach (var (size, load) in sizes)
        {
            var runs = await AlternateAsync(load.RunAsync, sizes[0].Load.RunAsync, GrowthRepetitions, warmUps: 1);
            var row = Measurement.AtLeast($"classify by digest: {size} {what}", "requests/s", $"{sizes[0].Size}", 0, runs);
            rows.Add((size, row with { Goal = "-", Holds = null, Why = "shown, without a goal" }));
        }

        return rows;
    }

    private static async Task<ClassifyLoad> LearnedAsync(ServingProcesses processes, SyntheticTasks tasks, params string[] settings)
    {
        var load = new ClassifyLoad(await processes.ProductAsync(ServingChild.Classifier, [$"--Synthetic:Tasks={tasks}", .. settings]), processes.Headers, tasks.First(tasks.Count));
        await load.LearnAsync();
        return load;
    }

    /// <summary>One after the other, several times, of which the first warm up and do not count.</summary>
    private static async Task<IReadOnlyList<(double Value, double Neighbour)>> AlternateAsync(Func<Task<double>> value, Func<Task<double>> neighbour, int repetitions = Repetitions, int warmUps = WarmUps)
    {
        var runs = new List<(double, double)>();
        for (var run = 0; run < warmUps + repetitions; run++) runs.Add((await value(), await neighbour()));
        return runs[warmUps..];
    }
}
