using System.Numerics.Tensors;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Descent;

namespace TaskRes.Core.Learning.Methods;

/// <summary>
/// CLIP-Adapter (Gao, Geng, Zhang, Ma, Fang, Zhang, Li, Qiao: "CLIP-Adapter: Better Vision-Language Models with Feature
/// Adapters", IJCV 2024): two layers of D → D/4 → D on the image embedding, of which 0.2 is mixed in. Optimiser and schedule are
/// TaskRes's, so that the two can be compared.
/// </summary>
internal sealed class ClipAdapter : IFewShotMethod
{
    private const int Reduction = 4;
    private const double Ratio = 0.2;

    public string Name => "clip-adapter";

    public string Summary => "two layers on the image embedding";

    public TrainingSettings Defaults { get; } = new() { Method = "clip-adapter" };

    public FittedMethod Fit(FewShotTask task, TrainingSettings settings, IProgress<EpochProgress>? progress, CancellationToken cancellationToken)
    {
        var dimensions = task.Base.Columns;
        var random = new SeededRandom(settings.Seed);
        var objective = new AdapterObjective(task, Layer(random, Math.Max(1, dimensions / Reduction), dimensions), Layer(random, dimensions, Math.Max(1, dimensions / Reduction)), Ratio);
        var epochs = settings.EpochsFor(task.Support.Shots);
        var descent = new BatchDescent(objective, new AdamDescent(settings.WeightDecay), (epoch, _, _) => LearningRateSchedule.At(epoch, epochs, settings));
        var losses = descent.Run(task.Support, settings, progress, cancellationToken);
        var classifier = FewShotClassifier.ZeroShot(task.Base, task.LogitScale) with { Image = new ImageAdapter(objective.Down, objective.Up, Ratio) };
        return new FittedMethod(classifier, losses);
    }

    // Uniform within ±1/√inputs, as torch.nn.Linear starts.
    private static Matrix Layer(SeededRandom random, int outputs, int inputs)
    {
        var bound = 1 / Math.Sqrt(inputs);
        return new Matrix(outputs, inputs, [.. Enumerable.Range(0, outputs * inputs).Select(_ => (float)(bound * ((2 * random.Uniform()) - 1)))]);
    }
}

/// <summary>The loss of images <c>r·relu(U·relu(W·ẑ)) + (1 − r)·ẑ</c> by W and U.</summary>
internal sealed class AdapterObjective(FewShotTask task, Matrix down, Matrix up, double ratio) : IObjective
{
    /// <summary>W, H×D.</summary>
    public Matrix Down { get; } = down;

    /// <summary>U, D×H.</summary>
    public Matrix Up { get; } = up;

    public IReadOnlyList<Matrix> Parameters => [Down, Up];

    public LossGradient Differentiate(Batch batch)
    {
        var hidden = Rectified(Dense.RowProducts(batch.Features, Down));
        var output = Rectified(Dense.RowProducts(hidden, Up));
        var images = Dense.Sum(Dense.Scaled(batch.Features, 1 - ratio), output, ratio);
        var loss = CosineLoss.Of(UnitRows.Of(images), task.Base, task.LogitScale, batch.Labels);
        var byOutput = Dense.WherePositive(output, Dense.Scale(loss.ByImages(), ratio));
        var byHidden = Dense.WherePositive(hidden, Dense.Product(byOutput, Up));
        return new LossGradient(loss.Loss, loss.Accuracy, [Dense.WeightedSums(byHidden, batch.Features), Dense.WeightedSums(byOutput, hidden)]);
    }

    private static Matrix Rectified(Matrix matrix)
    {
        TensorPrimitives.Max(matrix.Values, 0, matrix.Values);
        return matrix;
    }
}
