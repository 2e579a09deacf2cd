using System.Diagnostics;
using System.Globalization;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Methods;
using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Learning;

/// <summary>Trains on features that are ready in a safetensors file, and says how it went.</summary>
public static class FewShotFit
{
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
        var logitScale = options.LogitScale ?? LabelledFeatures.LogitScaleOf(file);
        var train = LabelledFeatures.Read(file, options.Train);
        var test = options.Test is null ? null : LabelledFeatures.Read(file, options.Test);
        var order = options.Order is null ? null : MatrixFile.ReadIntegers(file, options.Order);

        var started = Stopwatch.GetTimestamp();
        var task = Task(options, file, train, logitScale) with { Order = order };
        RequireFit(test, task.Base, options.Test);
        var trained = FewShotTraining.Run(task, options.Settings, progress, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        if (options.Out is not null) Write(options.Out, trained);
        return Report(trained, train, test, seconds);
    }

    private static FewShotTask Task(FewShotFitOptions options, SafetensorsFile file, LabelledFeatures train, double logitScale) => Based(options, file, train, logitScale) with
    {
        TextProjection = options.TextProjection is null ? null : MatrixFile.Read(file, options.TextProjection),
        Prompts = options.Prompts,
    };

    private static FewShotTask Based(FewShotFitOptions options, SafetensorsFile file, LabelledFeatures train, double logitScale)
    {
        if (options.Base == FewShotFitOptions.ClassMean) return FewShotTask.OfClassMeans(new SupportSet([train.Features], train.Labels, train.Classes), logitScale);
        var baseClassifier = MatrixFile.Read(file, options.Base);
        return FewShotTask.OfBase(baseClassifier, new SupportSet([train.Features], train.Labels, baseClassifier.Rows), logitScale);
    }

    private static FitReport Report(TrainedClassifier trained, LabelledFeatures train, LabelledFeatures? test, double seconds)
    {
        var zeroShot = trained.Classifier.Weighted(0);
        var (set, tested) = test is null ? (train, false) : (test, true);
        var (before, after) = (zeroShot.Correct(set.Features, set.Labels), trained.Classifier.Correct(set.Features, set.Labels));
        return new FitReport(
            Percent(Share(before)),
            tested ? Percent(Share(after)) : null,
            seconds,
            trained.Classifier.Alpha,
            tested ? TestVerdict.Of(before, after) : Verdict.InsufficientEvidence,
            trained.Method,
            trained.Evidence);
    }

    private static void Write(string path, TrainedClassifier trained)
    {
        var classifier = trained.Classifier;
        SafetensorsWriter.Write(
            path,
            [
                MatrixFile.Tensor("residual", classifier.Residual),
                MatrixFile.Tensor("base", classifier.Base),
                TensorData.F32("alpha", [(float)classifier.Alpha], []),
                TensorData.F32("losses", trained.Losses, [trained.Losses.Length]),
                .. ClassifierParts.Tensors(classifier.Image, classifier.Added),
            ],
            new Dictionary<string, string>(ClassifierParts.Metadata(classifier.Image, classifier.Added))
            {
                ["method"] = trained.Method,
                ["logit_scale"] = classifier.LogitScale.ToString("R", CultureInfo.InvariantCulture),
            });
    }

    private static void RequireFit(LabelledFeatures? test, Matrix baseClassifier, string? prefix)
    {
        if (test is null) return;
        test.Features.EnsureColumns(baseClassifier.Columns, $"{prefix}.features");
        LabelCheck.Validate(test.Labels, test.Features.Rows, baseClassifier.Rows);
    }

    private static double Share(bool[] correct) => correct.Count(right => right) / (double)correct.Length;

    private static double Percent(double share) => 100 * share;
}
