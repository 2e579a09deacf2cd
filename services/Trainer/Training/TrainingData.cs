using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Platform.Registry;
using BaseKind = TaskRes.Platform.Registry.BaseKind;

namespace TaskRes.Trainer.Training;

/// <summary>Stored examples as a support set.</summary>
internal static class TrainingData
{
    /// <param name="counts">Examples by class index.</param>
    /// <exception cref="TaskResException">NoExamples: of any class, or, where the base is of class means, of one.</exception>
    public static void RequireExamples(TaskRecord task, IReadOnlyList<int> counts)
    {
        if (counts.Sum() == 0)
            throw new TaskResException(ErrorReason.NoExamples, $"{task.Name} has no examples to train on: add some.") { Metadata = new Dictionary<string, string> { ["task"] = $"{task.Name}" } };
        if (task.BaseKind != BaseKind.ClassMean || !counts.Contains(0)) return;
        var missing = task.ClassNames[counts.IndexOf(0)];
        throw new TaskResException(ErrorReason.NoExamples, $"The class \"{missing}\" of {task.Name} has no example, and a base of class means needs one of each: add one.")
        {
            Metadata = new Dictionary<string, string> { ["task"] = $"{task.Name}", ["class_name"] = missing },
        };
    }

    public static int[] Count(TaskRecord task, IReadOnlyList<ExampleRecord> examples)
    {
        var counts = new int[task.ClassNames.Count];
        foreach (var example in examples) counts[example.ClassIndex]++;
        return counts;
    }

    /// <summary>
    /// As many views as the example that has the most. An example with fewer takes part with its own again: leaving views
    /// out would cost the others their augmentation.
    /// </summary>
    /// <param name="examples">In the order of their digests: it decides what a seed means.</param>
    public static SupportSet SupportSet(TaskRecord task, IReadOnlyList<ExampleRecord> examples)
    {
        var views = Enumerable.Range(0, examples.Max(example => example.Views.Count)).Select(view =>
            Matrix.FromRows([.. examples.Select(example => example.Views[view % example.Views.Count])], $"views[{view}]"));
        return new SupportSet([.. views], [.. examples.Select(example => example.ClassIndex)], task.ClassNames.Count);
    }

    private static int IndexOf(this IReadOnlyList<int> counts, int count) => Enumerable.Range(0, counts.Count).First(index => counts[index] == count);
}
