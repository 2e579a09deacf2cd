using System.Numerics.Tensors;
using TaskRes.Core;
using TaskRes.Core.Learning;

namespace TaskRes.Cli.Experiments;

/// <summary>A method after its fit.</summary>
/// <param name="Residual">x, where the method is a residual of the base; null where it is something else.</param>
/// <param name="Logits">N×D features to N×K logits.</param>
internal sealed record Fitted(Matrix? Residual, Func<Matrix, Matrix> Logits);

/// <summary>The methods that can be compared.</summary>
internal static class MethodList
{
    /// <summary>The base alone: it is always measured.</summary>
    public const string ZeroShot = "zero-shot";

    public static IReadOnlyList<string> Names { get; } = [ZeroShot, TrainingSettings.TaskRes];

    /// <exception cref="TaskResException">InvalidField, with the names there are.</exception>
    public static string Require(string name) => Names.Contains(name)
        ? name
        : throw TaskResException.Invalid("methods", $"'{name}' is no method that is known; there are {string.Join(", ", Names)}.");

    public static Fitted FitZeroShot(Matrix baseClassifier, double logitScale) => new(null, features => Logits(baseClassifier, features, logitScale));

    public static Fitted Fit(string method, Matrix baseClassifier, SupportSet support, double logitScale, TrainingSettings settings, CancellationToken cancellationToken)
    {
        if (method == ZeroShot) return FitZeroShot(baseClassifier, logitScale);
        var residual = TaskResidualTrainer.Fit(baseClassifier, support, logitScale, settings with { Method = method }, cancellationToken: cancellationToken).Residual;
        var moved = Matrix.Zeros(residual.Rows, residual.Columns);
        TensorPrimitives.MultiplyAdd(residual.Values, (float)settings.Alpha, baseClassifier.Values, moved.Values);
        return new Fitted(residual, features => Logits(moved, features, logitScale));
    }

    private static Matrix Logits(Matrix classifier, Matrix features, double scale)
    {
        var (classes, images) = (classifier.Normalized("classifier"), features.Normalized("features"));
        var logits = Matrix.Zeros(images.Rows, classes.Rows);
        for (var row = 0; row < images.Rows; row++)
            for (var label = 0; label < classes.Rows; label++)
                logits.Values[(row * classes.Rows) + label] = (float)scale * TensorPrimitives.Dot(images.Row(row), classes.Row(label));
        return logits;
    }
}
