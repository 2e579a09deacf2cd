using TaskRes.Core.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TaskRes.Core.Learning;

/// <summary>
/// Task residual tuning (Yu, Lu, Jin, Chen, Wang: "Task Residual for Tuning Vision-Language Models", CVPR 2023, section 3):
/// a K×D matrix x, zero at first, is added to the frozen base classifier and is all that is trained.
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
        IProgress<EpochProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        settings.Validate();
        Validate(baseClassifier, support, logitScale);
        var plan = new EpochPlan(support, settings, order);
        var baseAccuracy = new CosineClassifier(baseClassifier).Accuracy(support.Views[0], support.Labels);

        TorchRuntime.EnsureLoaded();
        var (residual, losses) = Train(baseClassifier, support, logitScale, settings, plan, progress, cancellationToken);
        var accuracy = new CosineClassifier(baseClassifier, residual, settings.Alpha, logitScale).Accuracy(support.Views[0], support.Labels);
        return new TrainingResult(residual, losses, plan.Epochs, accuracy, baseAccuracy);
    }

    /// <summary>Mean cross-entropy of a batch.</summary>
    /// <param name="baseClassifier">t, K×D.</param>
    /// <param name="residual">αx, K×D.</param>
    /// <param name="logitScale">s.</param>
    /// <param name="features">ẑ, B×D, rows of length 1.</param>
    /// <param name="labels">B class indices.</param>
    internal static Tensor Loss(Tensor baseClassifier, Tensor residual, double logitScale, Tensor features, Tensor labels)
    {
        var target = baseClassifier + residual;                       // K×D
        var direction = target / target.norm(1, keepdim: true);       // K×D
        var logits = logitScale * features.matmul(direction.t());     // B×K
        return nn.functional.cross_entropy(logits, labels);
    }

    private static (Matrix Residual, float[] Losses) Train(
        Matrix baseClassifier,
        SupportSet support,
        double logitScale,
        TrainingSettings settings,
        EpochPlan plan,
        IProgress<EpochProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var singleThread = new SingleThread();
        using var run = NewDisposeScope();
        var t = tensor(baseClassifier.Values, baseClassifier.Rows, baseClassifier.Columns);
        var views = cat([.. support.Views.Select(view => tensor(view.Values, view.Rows, view.Columns))]); // V·N×D
        var labels = tensor([.. support.Labels.Select(label => (long)label)]);                            // N
        var x = new Parameter(zeros_like(t));
        using var adam = optim.Adam([x], settings.WarmupLearningRate, weight_decay: settings.WeightDecay);

        var losses = new List<float>(plan.Epochs * plan.Steps);
        for (var epoch = 0; epoch < plan.Epochs; epoch++)
        {
            var rate = LearningRateSchedule.At(epoch, plan.Epochs, settings);
            foreach (var group in adam.ParamGroups) group.LearningRate = rate;
            foreach (var examples in plan.Batches(epoch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var step = NewDisposeScope();
                var features = views.index_select(0, tensor(plan.Rows(examples)));
                using var loss = Loss(t, settings.Alpha * x, logitScale, features, labels.index_select(0, tensor(examples)));
                adam.zero_grad();
                loss.backward();
                adam.step();
                losses.Add(loss.item<float>());
            }
            progress?.Report(new EpochProgress(epoch + 1, plan.Epochs, losses.TakeLast(plan.Steps).Average(), rate));
        }
        var residual = new Matrix(baseClassifier.Rows, baseClassifier.Columns, x.data<float>().ToArray());
        return (residual.EnsureFinite("residual"), [.. losses]);
    }

    private static void Validate(Matrix baseClassifier, SupportSet support, double logitScale)
    {
        baseClassifier.EnsureFinite("base");
        support.Views[0].EnsureColumns(baseClassifier.Columns, "examples");
        if (baseClassifier.Rows != support.Classes)
            throw new TaskResException(ErrorReason.FeaturesInvalid, $"The base classifier has {baseClassifier.Rows} rows for {support.Classes} classes.") { Field = "base" };
        if (logitScale is not (> 0 and <= 1000)) throw TaskResException.Invalid("logit_scale", $"{logitScale} is out of range; give a value above 0 and up to 1000.");
    }
}
