using System.Diagnostics;
using TaskRes.Core.Learning;
using TaskRes.Core.Tests.Learning;
using TaskRes.Core.Torch;
using TorchSharp;

namespace TaskRes.Benchmarks.Learning;

/// <summary>Training by the gradient that is written out, beside a loop of libtorch's autograd and Adam, on synthetic tasks.</summary>
internal static class Training
{
    private const int Dimensions = 512;
    private const int Classes = 102;
    private const int Shots = 16;
    private const int WarmUps = 1;
    private const int Repetitions = 3;

    private static readonly TrainingSettings Settings = new() { Epochs = 200 };

    public static IReadOnlyList<Measurement> Run()
    {
        var one = Enumerable.Range(0, WarmUps + Repetitions).Select(OneTask).Skip(WarmUps).ToArray();
        var products = Measurement.AtLeast(
            "training: the same", "steps/s", "its two products of matrices alone, by libtorch", 0, [.. one.Select(run => (run.Ours, run.Products))]);
        return
        [
            Measurement.AtLeast("training: 102 classes × 16 shots × 512, 200 epochs", "steps/s", "autograd loop in TorchSharp", 4, [.. one.Select(run => (run.Ours, run.Autograd))]),
            products with { Goal = "-", Holds = null, Why = "what any step costs at the least" },
            Measurement.AtLeast(
                "training: 200 tasks of 10 classes × 16 shots, 200 epochs, together", "tasks/s", "one after another through autograd", 8, [.. Enumerable.Range(0, Repetitions).Select(ManyTasks)]),
        ];
    }

    /// <summary>Steps in a second.</summary>
    private static (double Ours, double Autograd, double Products) OneTask(int seed)
    {
        var task = new SyntheticTask(Classes, Dimensions, Shots, seed: seed);
        var steps = 0;
        var ours = Seconds(() => steps = task.Fit(Settings).Losses.Length);
        var autograd = Seconds(() => AutogradTrainer.Fit(task.Base, task.Support, SyntheticTask.LogitScale, Settings));
        return (steps / ours, steps / autograd, steps / ProductsAlone(steps));
    }

    // Logits of a batch, and the gradient of the classes from those of the logits: no step can do without.
    private static double ProductsAlone(int steps)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        var batch = Classes * Shots * Settings.Epochs!.Value / steps;
        var (features, classes) = (torch.rand(batch, Dimensions), torch.rand(Classes, Dimensions));
        return Seconds(() =>
        {
            for (var number = 0; number < steps; number++)
            {
                using var step = torch.NewDisposeScope();
                torch.mm(torch.mm(features, classes.t()).t(), features);
            }
        });
    }

    private static (double Value, double Neighbour) ManyTasks(int run)
    {
        // Autograd is timed on a tenth of the tasks: they are alike.
        const int Tasks = 200;
        const int Sample = 20;
        SyntheticTask[] tasks = [.. Enumerable.Range(0, Tasks).Select(seed => new SyntheticTask(classes: 10, Dimensions, Shots, seed: (run * Tasks) + seed))];
        var ours = Seconds(() => Parallel.ForEach(tasks, task => task.Fit(Settings)));
        var autograd = Seconds(() =>
        {
            foreach (var task in tasks.Take(Sample)) AutogradTrainer.Fit(task.Base, task.Support, SyntheticTask.LogitScale, Settings);
        });
        return (Tasks / ours, Sample / autograd);
    }

    private static double Seconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
