using TaskRes.BundledModel.Tasks;
using TaskRes.Core.Clip;
using TaskRes.Core.Learning;

namespace TaskRes.BundledModel.Evaluation;

/// <summary>Test accuracy of a task by the number of shots; percentages.</summary>
internal sealed record ShotCurve(string Task, IReadOnlyList<(int Shots, double Accuracy)> Points)
{
    private static readonly int[] Shots = [1, 4, 16];

    public static ShotCurve Measure(TaskFolder task, ClipEncoder encoder)
    {
        var prompts = task.Description.Classes.SelectMany(name => task.Description.Templates.Select(template => PromptTemplates.Render(template, name)));
        var baseClassifier = BaseClassifier.FromPrompts([.. encoder.EmbedTexts([.. prompts]).Chunk(task.Description.Templates.Count)]);
        var (test, testLabels) = Embed(task, "test", int.MaxValue, encoder);

        var points = new List<(int, double)> { (0, 100 * new CosineClassifier(baseClassifier).Accuracy(test, testLabels)) };
        var settings = new TrainingSettings();
        foreach (var shots in Shots)
        {
            var (train, labels) = Embed(task, "train", shots, encoder);
            var support = new SupportSet([train], labels, baseClassifier.Rows);
            var trained = TaskResidualTrainer.Fit(baseClassifier, support, encoder.Info.LogitScale, settings);
            var classifier = new CosineClassifier(baseClassifier, trained.Residual, settings.Alpha, encoder.Info.LogitScale);
            points.Add((shots, 100 * classifier.Accuracy(test, testLabels)));
        }
        return new ShotCurve(task.Description.Name, points);
    }

    public override string ToString() => Task.PadRight(12) + string.Join("  ", Points.Select(point =>
        FormattableString.Invariant($"{(point.Shots == 0 ? "zero-shot" : $"{point.Shots} shots")} {point.Accuracy:0.0} %")));

    private static (Matrix Features, int[] Labels) Embed(TaskFolder task, string split, int mostPerClass, ClipEncoder encoder)
    {
        var images = task.Images(split, mostPerClass).ToList();
        var rows = encoder.EmbedImages([.. images.Select(image => image.Image)]);
        return (Matrix.FromRows(rows, split), [.. images.Select(image => image.Label)]);
    }
}
