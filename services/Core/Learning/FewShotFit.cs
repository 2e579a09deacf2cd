using System.Diagnostics;
using System.Globalization;
using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Learning;

/// <summary>Trains on features that are ready in a safetensors file, and says how it went.</summary>
public static class FewShotFit
{
    private const double UsualLogitScale = 100;

    /// <summary>Reads, trains, tests, and writes the residual where that is asked for.</summary>
    /// <exception cref="TaskResException">
    /// CheckpointNotFound, CheckpointCorrupt or CheckpointMismatch for the file; FeaturesInvalid, UnknownLabel or NoExamples
    /// for what it holds; InvalidField for an option.
    /// </exception>
    public static FitReport Run(
        FewShotFitOptions options, IProgress<EpochProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.Settings.Validate();
        using var file = SafetensorsFile.Open(options.Features);
        var logitScale = options.LogitScale ?? LogitScale(file.Header.Metadata);
        var train = ReadSet(file, options.Train);
        var test = options.Test is null ? null : ReadSet(file, options.Test);
        var order = options.Order is null ? null : MatrixFile.ReadIntegers(file, options.Order);

        var started = Stopwatch.GetTimestamp();
        var baseClassifier = options.Base == FewShotFitOptions.ClassMean
            ? BaseClassifier.FromClassMeans(train.Features, train.Labels, train.Classes)
            : MatrixFile.Read(file, options.Base);
        RequireFit(test, baseClassifier, options.Test);
        var support = new SupportSet([train.Features], train.Labels, baseClassifier.Rows);
        var trained = TaskResidualTrainer.Fit(baseClassifier, support, logitScale, options.Settings, order, progress, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        if (options.Out is not null) Write(options.Out, baseClassifier, trained, options.Settings.Alpha, logitScale);
        return Report(baseClassifier, trained, test, seconds, options.Settings.Alpha);
    }

    private static FitReport Report(Matrix baseClassifier, TrainingResult trained, LabelledSet? test, double seconds, double alpha)
    {
        if (test is null) return new FitReport(Percent(trained.BaseSupportAccuracy), null, seconds, alpha, FitVerdict.InsufficientEvidence);
        var before = new CosineClassifier(baseClassifier).Correct(test.Features, test.Labels);
        var after = new CosineClassifier(baseClassifier, trained.Residual, alpha, 1).Correct(test.Features, test.Labels);
        return new FitReport(Percent(Share(before)), Percent(Share(after)), seconds, alpha, FitVerdict.Of(before, after));
    }

    private static void Write(string path, Matrix baseClassifier, TrainingResult trained, double alpha, double logitScale) =>
        SafetensorsWriter.Write(
            path,
            [
                MatrixFile.Tensor("residual", trained.Residual),
                MatrixFile.Tensor("base", baseClassifier),
                TensorData.F32("alpha", [(float)alpha], []),
                TensorData.F32("losses", trained.Losses, [trained.Losses.Length]),
            ],
            new Dictionary<string, string> { ["logit_scale"] = logitScale.ToString("R", CultureInfo.InvariantCulture) });

    private static LabelledSet ReadSet(SafetensorsFile file, string prefix)
    {
        var features = MatrixFile.Read(file, $"{prefix}.features");
        var labels = LabelCheck.FromIntegers(file.Integers($"{prefix}.labels"));
        if (features.Rows == 0) throw new TaskResException(ErrorReason.NoExamples, $"{prefix}.features has no rows.") { Field = $"{prefix}.features" };
        LabelCheck.Validate(labels, features.Rows, int.MaxValue);
        return new LabelledSet(features, labels);
    }

    private static void RequireFit(LabelledSet? test, Matrix baseClassifier, string? prefix)
    {
        if (test is null) return;
        test.Features.EnsureColumns(baseClassifier.Columns, $"{prefix}.features");
        LabelCheck.Validate(test.Labels, test.Features.Rows, baseClassifier.Rows);
    }

    private static double LogitScale(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue("logit_scale", out var text)) return UsualLogitScale;
        return double.TryParse(text, CultureInfo.InvariantCulture, out var scale)
            ? scale
            : throw TaskResException.Invalid("logit_scale", $"the metadata's '{text}' is not a number.");
    }

    private static double Share(bool[] correct) => correct.Count(right => right) / (double)correct.Length;

    private static double Percent(double share) => 100 * share;

    /// <summary>N×D features and N labels.</summary>
    private sealed record LabelledSet(Matrix Features, int[] Labels)
    {
        /// <summary>K where the labels are all that tells it.</summary>
        public int Classes => Labels.Max() + 1;
    }
}
