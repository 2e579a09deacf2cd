using TaskRes.Core.Learning.Evidence;
using TaskRes.Core.Tests.Learning.Classifiers;
using TaskRes.Core.Tests.Learning.Methods;

namespace TaskRes.Core.Tests.Learning.Evidence;

public sealed class ClassShrinkageTests
{
    [Fact]
    public void Apply_Residual_KeepsAsMuchAsTheBaseIsUnsure()
    {
        var naive = new NaiveTask();
        // Class 4 has no examples: nothing is known of it, and its residual is nothing's.
        int[] kept = [.. Enumerable.Range(0, naive.Labels.Length).Where(example => naive.Labels[example] != 4)];
        var task = naive.Task.Subset(kept);
        var classifier = new ClassifierSamples(4).Classifier("adapter", "cache") with { Base = task.Base };

        var shrunk = ClassShrinkage.Apply(task, classifier);

        for (var label = 0; label < 5; label++)
        {
            var sure = kept.Where(example => naive.Labels[example] == label)
                .Select(example => Plain.Softmax(Plain.Cosines(NaiveTask.Scale, naive.Image(example), naive.Base))[label]).DefaultIfEmpty(1).Average();
            for (var d = 0; d < 16; d++) Assert.Equal((1 - sure) * classifier.Residual.Row(label)[d], shrunk.Residual.Row(label)[d], 1e-5);
        }
        Assert.Equal((null, null, classifier.Alpha, classifier.Base), (shrunk.Image, shrunk.Added, shrunk.Alpha, shrunk.Base));
    }
}
