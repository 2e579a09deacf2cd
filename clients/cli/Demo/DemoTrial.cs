using System.Globalization;
using TaskRes.Cli.Classification;
using TaskRes.Cli.Errors;
using TaskRes.Cli.Files;
using TaskRes.Cli.Output;
using TaskRes.Cli.Training;
using TaskRes.Client;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Cli.Demo;

/// <summary>Takes a task from its names alone to its last shots, as a tenant would: with the SDK, against a running suite.</summary>
internal sealed class DemoTrial(TaskResClient client, DemoTask task, IProgress<Step> progress)
{
    // The whole image alone: a crop of a picture of 64 pixels cuts off what tells it apart.
    private const int Views = 0;
    private const long Seed = 1;

    private static readonly int[] Shots = [1, 4, 16];
    private static readonly TimeSpan PromotionPeriod = TimeSpan.FromMilliseconds(10);

    public async Task<DemoResult> RunAsync(CancellationToken cancellationToken)
    {
        var options = new CreateTaskOptions { TaskId = task.Name, ClassNames = task.Classes, Templates = task.Templates };
        await client.Tasks.CreateAsync(options, cancellationToken);
        var passes = new List<Evaluation> { await EvaluateAsync("zero-shot", cancellationToken) };
        var runs = new List<DemoRun> { new(0, passes[0].Accuracy!.Value, Seconds: null) };
        foreach (var shots in Shots)
        {
            var label = string.Create(CultureInfo.InvariantCulture, $"{shots} {(shots == 1 ? "shot" : "shots")}");
            var seconds = await TrainAsync(label, shots, cancellationToken);
            passes.Add(await EvaluateAsync(label, cancellationToken));
            runs.Add(new DemoRun(shots, passes[^1].Accuracy!.Value, seconds));
        }

        return new DemoResult(task, runs, passes[0], passes[1]);
    }

    /// <summary>The task keeps the examples it has, and the draw of more shots holds that of fewer.</summary>
    private async Task<double> TrainAsync(string label, int shots, CancellationToken cancellationToken)
    {
        var images = task.Train.Draw(shots, Seed).Images;
        var uploaded = await ExampleUpload.SendAsync(client, task.Name, Views, images, Stage(label, "uploading"), cancellationToken);
        if (uploaded.Errors is [var error, ..]) throw ItemErrors.Exception(error.Error, images[(int)error.Sequence].Path);

        var queued = await client.Training.TrainAsync(new TrainOptions { Task = task.Name }, cancellationToken);
        var job = await JobFollower.FollowAsync(client, queued.Name, Stage(label, "training"), cancellationToken);
        await ServedAsync(job.Revision, cancellationToken);
        return (job.EndTime - job.StartTime).ToTimeSpan().TotalSeconds;
    }

    /// <summary>An event tells the classifier of a promotion: what is asked before it arrives is answered by the revision before.</summary>
    private async Task ServedAsync(string revision, CancellationToken cancellationToken)
    {
        var image = await ImageFiles.ReadAsync(task.Test.Images[0].Path, cancellationToken);
        while ((await client.Classification.ClassifyAsync(task.Name, image, new ClassifyOptions { TopK = 1 }, cancellationToken)).Revision != revision)
            await Task.Delay(PromotionPeriod, TimeProvider.System, cancellationToken);
    }

    private async Task<Evaluation> EvaluateAsync(string label, CancellationToken cancellationToken)
    {
        var evaluation = await Evaluation.RunAsync(client, task.Name, task.Test.Images, Stage(label, "classifying"), cancellationToken);
        return evaluation.FirstFailure is var (path, error) ? throw ItemErrors.Exception(error, path) : evaluation;
    }

    private StageProgress Stage(string label, string what) => new(progress, $"{task.Name}, {label}: ", what);

    /// <summary>Says of which stage a step is.</summary>
    private sealed class StageProgress(IProgress<Step> inner, string prefix, string what) : IProgress<Step>
    {
        public void Report(Step value) => inner.Report(value with { What = prefix + (value.What ?? what) });
    }
}
