using System.Diagnostics;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;
using TaskRes.Core.Tests.Learning;

namespace TaskRes.Benchmarks.Learning;

/// <summary>What each method takes to train on 102 classes × 16 shots × 512, beside TaskRes.</summary>
internal static class MethodTimes
{
    private const int Repetitions = 3;

    public static IReadOnlyList<Measurement> Run()
    {
        var synthetic = new SyntheticTask(classes: 102, dimensions: 512, shots: 16);
        var task = FewShotTask.OfBase(synthetic.Base, synthetic.Support, SyntheticTask.LogitScale) with { TextProjection = SyntheticTask.Projection(512) };
        return [.. FewShotMethods.All.Select(method => method.Needs(task) is { } lacks
            ? Measurement.Unmeasured($"method {method.Name}", "s", "taskres", "-", $"it needs {lacks}")
            : Of(method, task))];
    }

    private static Measurement Of(IFewShotMethod method, FewShotTask task)
    {
        var (own, taskRes) = (new double[Repetitions], new double[Repetitions]);
        for (var run = 0; run < Repetitions; run++)
        {
            own[run] = Seconds(method, task);
            taskRes[run] = Seconds(FewShotMethods.Find(TrainingSettings.TaskRes), task);
        }
        double[] ratios = [.. own.Zip(taskRes, (time, neighbour) => time / neighbour).Order()];
        var ratio = ratios[Repetitions / 2];
        return new Measurement($"method {method.Name}", own.Order().ElementAt(Repetitions / 2), "s", "taskres", ratio, (ratios[^1] - ratios[0]) / ratio, "-", null) { Why = "told, not judged" };
    }

    private static double Seconds(IFewShotMethod method, FewShotTask task)
    {
        var start = Stopwatch.GetTimestamp();
        method.Fit(task, method.Defaults);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
