using TaskRes.Core.Learning;
using TaskRes.Core.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TaskRes.Core.Tests.Learning;

/// <summary>Task residual training as a few lines of libtorch, whose autograd finds the gradient: the oracle of the one that is written out.</summary>
internal static class AutogradTrainer
{
    /// <inheritdoc cref="TaskResidualTrainer.Fit"/>
    public static (Matrix Residual, float[] Losses) Fit(Matrix baseClassifier, SupportSet support, double logitScale, TrainingSettings settings, long[,]? order = null, ScalarType precision = ScalarType.Float32)
    {
        TorchRuntime.EnsureLoaded();
        using var run = NewDisposeScope();
        var plan = new EpochPlan(support, settings, order);
        var t = tensor(baseClassifier.Values, baseClassifier.Rows, baseClassifier.Columns).to_type(precision);
        var views = cat([.. support.Views.Select(view => tensor(view.Values, view.Rows, view.Columns))]).to_type(precision); // V·N×D
        var labels = tensor([.. support.Labels.Select(label => (long)label)]);                            // N
        var x = new Parameter(zeros_like(t));
        using var adam = optim.Adam([x], settings.WarmupLearningRate, weight_decay: settings.WeightDecay);
        var losses = new List<float>();
        for (var epoch = 0; epoch < plan.Epochs; epoch++)
        {
            foreach (var group in adam.ParamGroups) group.LearningRate = LearningRateSchedule.At(epoch, plan.Epochs, settings);
            foreach (var examples in plan.Batches(epoch))
            {
                using var step = NewDisposeScope();
                var features = views.index_select(0, tensor(plan.Rows(examples)));
                using var loss = Loss(t, settings.Alpha * x, logitScale, features, labels.index_select(0, tensor(examples)));
                adam.zero_grad();
                loss.backward();
                adam.step();
                losses.Add(loss.to_type(ScalarType.Float32).item<float>());
            }
        }

        return (new Matrix(baseClassifier.Rows, baseClassifier.Columns, x.to_type(ScalarType.Float32).data<float>().ToArray()), [.. losses]);
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
}
