namespace TaskRes.Core.Learning.Descent;

/// <summary>Trains an objective in epochs of shuffled batches.</summary>
/// <param name="objective">What is minimised.</param>
/// <param name="optimizer">How.</param>
/// <param name="rateAt">The step size by epoch, step of all, and steps of all.</param>
internal sealed class BatchDescent(IObjective objective, IOptimizer optimizer, Func<int, int, int, double> rateAt)
{
    /// <returns>The loss of every step.</returns>
    /// <exception cref="TaskResException">FeaturesInvalid where a parameter did not stay finite.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public float[] Run(SupportSet support, TrainingSettings settings, IProgress<EpochProgress>? progress, CancellationToken cancellationToken)
    {
        var plan = new EpochPlan(support, settings, order: null);
        var losses = new List<float>(plan.Epochs * plan.Steps);
        for (var epoch = 0; epoch < plan.Epochs; epoch++)
        {
            var (rate, right) = (0.0, 0.0);
            foreach (var examples in plan.Batches(epoch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var step = objective.Differentiate(support.Batch(plan.Rows(examples)));
                rate = rateAt(epoch, losses.Count, plan.Epochs * plan.Steps);
                optimizer.Step(objective.Parameters, step.Gradients, rate);
                losses.Add((float)step.Loss);
                right += step.Accuracy;
            }

            progress?.Report(new EpochProgress(epoch + 1, plan.Epochs, losses.TakeLast(plan.Steps).Average(), rate, right / plan.Steps));
        }

        foreach (var parameter in objective.Parameters) parameter.EnsureFinite("the trained classifier");
        return [.. losses];
    }
}
