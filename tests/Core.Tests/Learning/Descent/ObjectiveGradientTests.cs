using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Descent;
using TaskRes.Core.Learning.Methods;
using TaskRes.Core.Tests.Learning.Methods;

namespace TaskRes.Core.Tests.Learning.Descent;

/// <summary>Every written-out gradient against central differences of its loss.</summary>
public sealed class ObjectiveGradientTests
{
    // The loss has the precision of a float: at this step its rounding and the curvature weigh about the same.
    private const float Step = 4e-3f;
    private const double Tolerance = 1e-3;
    private const double Scale = 5;

    public static TheoryData<string, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int>();
            foreach (var name in new[] { "prototypes", "held prototypes", "learnable alpha", "image", "image and text", "adapter", "projection", "keys", "blend", "context" })
                foreach (var views in new[] { 1, 3 })
                    foreach (var seed in new[] { 1, 2, 3 }) cases.Add(name, views, seed);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Differentiate_RandomBatch_AgreesWithDifferencesOfTheLoss(string name, int views, int seed)
    {
        var random = new Random(seed);
        var naive = new NaiveTask(views, seed);
        var task = FewShotTask.OfBase(naive.Task.Base, Lengthened(naive, random), Scale) with { TextProjection = naive.Task.TextProjection, Prompts = naive.Tower };
        var objective = Objective(name, task, random);
        var rows = Enumerable.Range(0, 9).Select(_ => (long)random.Next(views * task.Support.Count)).ToArray();
        var batch = task.Support.Batch(rows);

        var gradients = objective.Differentiate(batch).Gradients;

        Assert.Equal(objective.Parameters.Count, gradients.Count);
        var (slopes, kinks) = (new List<double>(), 0);
        for (var index = 0; index < gradients.Count; index++)
        {
            var values = objective.Parameters[index].Values;
            Assert.Equal(values.Length, gradients[index].Values.Length);
            for (var i = 0; i < values.Length; i++)
            {
                var (written, (left, right)) = (gradients[index].Values[i], Slopes(objective, batch, values, i));
                slopes.Add((left + right) / 2);
                if (Math.Abs(slopes[^1] - written) < Tolerance * Math.Max(1, Math.Abs(slopes[^1]))) continue;
                // Where a rectifier turns within the step, the gradient is that of the side it is on.
                Assert.True(written > Math.Min(left, right) - Tolerance && written < Math.Max(left, right) + Tolerance, $"parameter {index}, value {i}: {written} and by difference {left} and {right}");
                kinks++;
            }
        }
        Assert.InRange(slopes.Max(Math.Abs), 20 * Tolerance, 1e3);
        Assert.InRange(kinks, 0, slopes.Count / 4); // one rectifier so near to turning shows in all of its weights
    }

    // To either side.
    private static (double Left, double Right) Slopes(IObjective objective, Batch batch, float[] values, int i)
    {
        var at = values[i];
        var loss = objective.Differentiate(batch).Loss;
        double Slope(float step)
        {
            values[i] = at + step;
            return (objective.Differentiate(batch).Loss - loss) / ((double)values[i] - at);
        }

        var (left, right) = (Slope(-Step), Slope(Step));
        values[i] = at;
        return (left, right);
    }

    private static IObjective Objective(string name, FewShotTask task, Random random)
    {
        switch (name)
        {
            case "prototypes" or "held prototypes":
                var prototypes = new PrototypeObjective(task.Base, name == "prototypes" ? null : [0.1f, 0.9f, 0.5f, 0, 1], Scale);
                return Moved(prototypes, random);
            case "learnable alpha":
                return Moved(new LearnableAlphaObjective(task.Base, 0.7, Scale), random);
            case "image" or "image and text":
                return Moved(new ImageResidualObjective(task.Base, 0.7, Scale, withText: name != "image"), random);
            case "adapter":
                return new AdapterObjective(task, Noise(random, 4, 16, 1), Noise(random, 16, 4, 2), 0.5);
            case "projection":
                return Moved(new ProjectionObjective(task.Base, task.TextProjection!, Scale), random);
            case "keys":
                return Moved(new KeysObjective(task, TipAdapter.Keys(task.Support), 1.5), random);
            case "blend":
                return Moved(new BlendObjective(task.Base, Scale, Noise(random, 5, 16, 1)), random);
            default:
                return new ContextObjective(task.Prompts!, Noise(random, 2, 3, 1), Scale);
        }
    }

    // Away from where training starts, for there a term may be zero that is not so later.
    private static IObjective Moved(IObjective objective, Random random)
    {
        foreach (var parameter in objective.Parameters)
            for (var i = 0; i < parameter.Values.Length; i++) parameter.Values[i] += (float)(0.3 * ((2 * random.NextDouble()) - 1));
        return objective;
    }

    // No two images are of one length.
    private static SupportSet Lengthened(NaiveTask task, Random random)
    {
        var count = task.Labels.Length;
        return new SupportSet(
            [.. Enumerable.Range(0, task.Views).Select(view => Plain.Matrix([.. Enumerable.Range(0, count).Select(example => Plain.Scaled(task.Image((view * count) + example), 0.5 + random.NextDouble()))]))],
            task.Labels,
            5);
    }

    private static Matrix Noise(Random random, int rows, int columns, double scale) =>
        new(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => (float)(scale * ((2 * random.NextDouble()) - 1)))]);
}
