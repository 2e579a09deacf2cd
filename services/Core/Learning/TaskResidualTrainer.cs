namespace TaskRes.Core.Learning;

/// <summary>
/// Task residual tuning (Yu, Lu, Jin, Chen, Wang: "Task Residual for Tuning Vision-Language Models", CVPR 2023, section 3):
/// a K×D matrix x, zero at first unless it is taken over from an earlier training, is added to the frozen base classifier and is all that is trained.
/// <code>
/// t' = t + α·x        logits = s · ẑ · t̂'ᵀ        loss = cross-entropy
/// </code>
/// t is raw: the L2 normalisation comes after αx is added.
/// </summary>
public static class TaskResidualTrainer
{
    /// <summary>Trains a residual with Adam (β 0.9 and 0.999, ε 1e-8) and gives the last step's.</summary>
    /// <param name="baseClassifier">t, K×D, not normalised.</param>
    /// <param name="support">The examples.</param>
    /// <param name="logitScale">s, the exponential of the checkpoint's logit_scale.</param>
    /// <param name="settings">The defaults are the paper's.</param>
    /// <param name="order">Epochs×N indices of examples that fix the batches in place of the seed's shuffles.</param>
    /// <param name="start">What x starts at, K×D; null for zero, as in the paper.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellationToken">Ends the training between two steps.</param>
    /// <exception cref="TaskResException">InvalidField for a setting or the order; FeaturesInvalid where sizes or values do not hold.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static TrainingResult Fit(
        Matrix baseClassifier,
        SupportSet support,
        double logitScale,
        TrainingSettings settings,
        long[,]? order = null,
        Matrix? start = null,
        IProgress<EpochProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        settings.Validate();
        Validate(baseClassifier, support, logitScale, start);
        var plan = new EpochPlan(support, settings, order);
        var baseAccuracy = new CosineClassifier(baseClassifier).Accuracy(support.Views[0], support.Labels);

        var (residual, losses) = Train(baseClassifier, support, logitScale, settings, plan, start, progress, cancellationToken);
        var accuracy = new CosineClassifier(baseClassifier, residual, settings.Alpha, logitScale).Accuracy(support.Views[0], support.Labels);
        return new TrainingResult(residual, losses, plan.Epochs, accuracy, baseAccuracy);
    }

    private static (Matrix Residual, float[] Losses) Train(
        Matrix baseClassifier,
        SupportSet support,
        double logitScale,
        TrainingSettings settings,
        EpochPlan plan,
        Matrix? start,
        IProgress<EpochProgress>? progress,
        CancellationToken cancellationToken)
    {
        var descent = new ResidualDescent(baseClassifier, plan.BatchLength, logitScale, settings, Environment.ProcessorCount, start);
        var losses = new List<float>(plan.Epochs * plan.Steps);
        for (var epoch = 0; epoch < plan.Epochs; epoch++)
        {
            var rate = LearningRateSchedule.At(epoch, plan.Epochs, settings);
            foreach (var examples in plan.Batches(epoch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var features = Array.ConvertAll(plan.Rows(examples), support.Feature);
                losses.Add(descent.Step(features, Array.ConvertAll(examples, example => support.Labels[example]), rate));
            }

            progress?.Report(new EpochProgress(epoch + 1, plan.Epochs, losses.TakeLast(plan.Steps).Average(), rate));
        }

        return (descent.Residual.EnsureFinite("residual"), [.. losses]);
    }

    private static void Validate(Matrix baseClassifier, SupportSet support, double logitScale, Matrix? start)
    {
        if (start is not null && (start.EnsureFinite("start").Rows, start.Columns) != (baseClassifier.Rows, baseClassifier.Columns))
            throw TaskResException.Invalid("start", $"it is {start.Rows} × {start.Columns} and the base classifier {baseClassifier.Rows} × {baseClassifier.Columns}.");
        baseClassifier.EnsureFinite("base");
        support.Views[0].EnsureColumns(baseClassifier.Columns, "examples");
        if (baseClassifier.Rows != support.Classes)
            throw new TaskResException(ErrorReason.FeaturesInvalid, $"The base classifier has {baseClassifier.Rows} rows for {support.Classes} classes.") { Field = "base" };
        if (logitScale is not (> 0 and <= 1000)) throw TaskResException.Invalid("logit_scale", $"{logitScale} is out of range; give a value above 0 and up to 1000.");
    }
}
