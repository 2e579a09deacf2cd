using TaskRes.Cli.Classification;
using TaskRes.V1;

namespace TaskRes.Cli.Demo;

/// <summary>What was measured of a task with so many images a class.</summary>
/// <param name="Shots">0 is zero-shot: the names alone.</param>
/// <param name="Accuracy">Over the test images, in percent.</param>
/// <param name="Seconds">The training job, from its start to its end; null for zero-shot, which needs none.</param>
internal sealed record DemoRun(int Shots, double Accuracy, double? Seconds)
{
    public bool IsZeroShot => Shots == 0;
}

/// <summary>What was measured of a task.</summary>
/// <param name="Runs">By shots, zero-shot first.</param>
/// <param name="First">The pass over test images that nobody had seen.</param>
/// <param name="Second">The next pass over the same images.</param>
internal sealed record DemoResult(DemoTask Task, IReadOnlyList<DemoRun> Runs, Evaluation First, Evaluation Second)
{
    /// <summary>Embeddings of the second pass that the encoder was not asked for.</summary>
    public int CacheHits => Second.From(CacheTier.Memory) + Second.From(CacheTier.Redis);

    public object ForScripts() => new
    {
        name = Task.Name,
        description = Task.Description,
        classes = Task.Classes,
        test_images = First.Images,
        runs = Runs.Select(run => new { run.Shots, run.Accuracy, run.Seconds }),
        images_per_second = First.ImagesPerSecond,
        second_pass = new
        {
            images_per_second = Second.ImagesPerSecond,
            images = Second.Images,
            cache_hits = CacheHits,
            from_memory = Second.From(CacheTier.Memory),
            from_cache = Second.From(CacheTier.Redis),
        },
    };
}
