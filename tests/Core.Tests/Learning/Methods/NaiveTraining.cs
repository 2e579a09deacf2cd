using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning.Methods;

/// <summary>A model as a function of its parameters alone.</summary>
/// <param name="Start">Where the parameters start.</param>
/// <param name="Logits">From parameters and a raw image embedding.</param>
/// <param name="Penalty">What the parameters add to the loss; null for nothing.</param>
internal sealed record NaiveModel(double[] Start, Func<double[], double[], double[]> Logits, Func<double[], double>? Penalty = null);

/// <summary>What a step does to the parameters.</summary>
/// <param name="parameters">Changed in place.</param>
/// <param name="gradient">Of the loss.</param>
/// <param name="rate">The step size.</param>
internal delegate void NaiveOptimizer(double[] parameters, double[] gradient, double rate);

/// <summary>Training whose gradients are differences of the loss.</summary>
internal static class NaiveTraining
{
    private const double Difference = 1e-5;

    /// <param name="task">Raw features and labels.</param>
    /// <param name="model">What is trained.</param>
    /// <param name="settings">Fixes the batches.</param>
    /// <param name="optimizer">How.</param>
    /// <param name="rate">By epoch, step of all, and steps of all; null for TaskRes's schedule.</param>
    public static (double[] Parameters, double[] Losses) Run(NaiveTask task, NaiveModel model, TrainingSettings settings, NaiveOptimizer optimizer, Func<int, int, int, double>? rate = null)
    {
        var plan = new EpochPlan(task.Task.Support, settings, order: null);
        var (parameters, losses) = (model.Start.ToArray(), new List<double>());
        for (var epoch = 0; epoch < plan.Epochs; epoch++)
        {
            foreach (var examples in plan.Batches(epoch))
            {
                var rows = plan.Rows(examples);
                double Loss(double[] at) => rows.Average(row => Plain.CrossEntropy(model.Logits(at, task.Image(row)), task.Labels[row % task.Labels.Length])) + (model.Penalty?.Invoke(at) ?? 0);
                losses.Add(Loss(parameters));
                var step = losses.Count - 1;
                optimizer(parameters, Gradient(Loss, parameters), rate?.Invoke(epoch, step, plan.Epochs * plan.Steps) ?? Schedule(epoch, plan.Epochs, settings));
            }
        }
        return (parameters, [.. losses]);
    }

    public static double[] Gradient(Func<double[], double> loss, double[] parameters)
    {
        var (gradient, at) = (new double[parameters.Length], parameters.ToArray());
        for (var i = 0; i < at.Length; i++)
        {
            at[i] = parameters[i] + Difference;
            gradient[i] = loss(at);
            at[i] = parameters[i] - Difference;
            gradient[i] = (gradient[i] - loss(at)) / (2 * Difference);
            at[i] = parameters[i];
        }
        return gradient;
    }

    /// <summary>v ← μv + g + λw; w ← w − rate·v.</summary>
    public static NaiveOptimizer Momentum(double momentum, double decay)
    {
        var velocity = Array.Empty<double>();
        return (w, gradient, rate) =>
        {
            if (velocity.Length == 0) velocity = new double[w.Length];
            for (var i = 0; i < w.Length; i++)
            {
                velocity[i] = (momentum * velocity[i]) + gradient[i] + (decay * w[i]);
                w[i] -= rate * velocity[i];
            }
        };
    }

    /// <summary>Adam (Kingma and Ba, algorithm 1), the penalty in the gradient or, as in AdamW, beside it.</summary>
    public static NaiveOptimizer Adam(double decay, double epsilon = 1e-8, bool decoupled = false)
    {
        var (first, second, steps) = (Array.Empty<double>(), Array.Empty<double>(), 0);
        return (w, gradient, rate) =>
        {
            if (steps++ == 0) (first, second) = (new double[w.Length], new double[w.Length]);
            for (var i = 0; i < w.Length; i++)
            {
                var g = gradient[i] + (decoupled ? 0 : decay * w[i]);
                first[i] = (0.9 * first[i]) + (0.1 * g);
                second[i] = (0.999 * second[i]) + (0.001 * g * g);
                var (m, v) = (first[i] / (1 - Math.Pow(0.9, steps)), second[i] / (1 - Math.Pow(0.999, steps)));
                if (decoupled) w[i] -= rate * decay * w[i];
                w[i] -= rate * m / (Math.Sqrt(v) + epsilon);
            }
        };
    }

    private static double Schedule(int epoch, int epochs, TrainingSettings settings) =>
        epoch == 0 ? settings.WarmupLearningRate : settings.LearningRate / 2 * (1 + Math.Cos(Math.PI * (epoch - 1) / epochs));
}
