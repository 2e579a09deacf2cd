using TaskRes.Core.Learning;

namespace TaskRes.Benchmarks.Learning;

/// <summary>
/// How often held-out examples promote harm, and how often they miss a gain, on seeded tasks whose truth is known: classes are
/// Gaussians, and the base is either their true directions, so that nothing can be better, or those with an error.
/// </summary>
internal static class PromotionFigures
{
    private const int Tasks = 200;

    // A residual that costs less than this is no harm that a test of this size could show.
    private const double Harm = 0.3;
    private const double TrueGain = 2;

    public static IReadOnlyList<Measurement> Run()
    {
        var (promoted, harmful) = OnTasksOfPerfectBase();
        var (gains, missed) = OnTasksOfGain();
        return
        [
            Share($"promoted harm: {promoted} of {Tasks} tasks of a perfect base promoted", harmful, Tasks, "all of the tasks", 2),
            Share($"missed gains: {Tasks} tasks of 16 shots", missed, gains, $"those in which TaskRes gains {TrueGain} points", 5),
        ];
    }

    private static (int Promoted, int Harmful) OnTasksOfPerfectBase()
    {
        int[] shots = [1, 2, 4, 8, 16];
        double[] wrong = [0, 0.2, 0.5, 1];
        var outcomes = Enumerable.Range(0, Tasks).AsParallel().Select(seed =>
        {
            var task = new GaussianTask(seed, baseError: 0, shots[seed % shots.Length], wrong[seed / shots.Length % wrong.Length]);
            var trained = FewShotTraining.Run(task.Task, new TrainingSettings { ChooseAlpha = true, Seed = (ulong)seed });
            var isPromoted = trained.Evidence.Verdict == Verdict.Improves;
            return (isPromoted, isPromoted && task.Accuracy(trained.Classifier) < task.ZeroShotAccuracy - Harm);
        }).ToList();
        return (outcomes.Count(outcome => outcome.Item1), outcomes.Count(outcome => outcome.Item2));
    }

    private static (int Gains, int Missed) OnTasksOfGain()
    {
        const int shots = 16;
        var outcomes = Enumerable.Range(Tasks, Tasks).AsParallel().Select(seed =>
        {
            var task = new GaussianTask(seed, baseError: 0.3 + ((seed % 10) / 10.0), shots, wrongLabels: 0);
            var gains = task.Accuracy(FewShotTraining.Run(task.Task, new TrainingSettings { Seed = (ulong)seed }).Classifier) >= task.ZeroShotAccuracy + TrueGain;
            var isPromoted = FewShotTraining.Run(task.Task, new TrainingSettings { ChooseAlpha = true, Seed = (ulong)seed }).Evidence.Verdict == Verdict.Improves;
            return (gains, gains && !isPromoted);
        }).ToList();
        return (outcomes.Count(outcome => outcome.gains), outcomes.Count(outcome => outcome.Item2));
    }

    private static Measurement Share(string name, int count, int of, string against, double goal)
    {
        var percent = 100.0 * count / of;
        return new Measurement(name, count, "tasks", $"{of}: {against}", percent / 100, 0, $"≤ {goal} %", percent <= goal);
    }
}
