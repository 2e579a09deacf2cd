using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Difficulty;

namespace TaskRes.Core.Learning;

/// <summary>What must hold of a revision, whether it was just trained or comes from a file.</summary>
internal static class RevisionRules
{
    private const int DigestLength = 64;

    // A setting of up to 10, which may be learnt further, times a weight of up to 3 that held-out examples may choose.
    private const double MaxAlpha = 100;

    /// <exception cref="TaskResException">InvalidField, LimitExceeded or FeaturesInvalid.</exception>
    public static void Validate(Revision revision)
    {
        ClassNames.Validate(revision.ClassNames, int.MaxValue, "class_names");
        for (var index = 0; index < revision.Templates.Count; index++) PromptTemplates.Validate(revision.Templates[index], $"templates[{index}]");
        Validate(revision.Base, revision, "base");
        Validate(revision.Residual, revision, "residual");
        if (revision.Base.Columns != revision.Residual.Columns)
            throw TaskResException.Invalid("residual", $"it has {revision.Residual.Columns} dimensions and the base has {revision.Base.Columns}.");
        if (revision.Alpha is not (>= 0 and <= MaxAlpha)) throw TaskResException.Invalid("alpha", $"{revision.Alpha} is out of range; give a value from 0 to {MaxAlpha}.");
        if (revision.LogitScale is not (> 0 and <= 1000)) throw TaskResException.Invalid("logit_scale", $"{revision.LogitScale} is out of range; give a value above 0 and up to 1000.");
        _ = new CosineClassifier(revision.Base, revision.Residual, revision.Alpha, revision.LogitScale); // refuses rows without direction
        ClassifierParts.Validate(revision.Image, revision.Added, revision.Base.Rows, revision.Base.Columns);
        if (revision.EncoderFingerprint.Length == 0) throw TaskResException.Invalid("encoder_fingerprint", "it is empty.");
        if (revision.Method.Length == 0) throw TaskResException.Invalid("method", "it is empty.");
        revision.Settings.Validate();
        for (var index = 0; index < revision.ExampleDigests.Count; index++)
            if (revision.ExampleDigests[index] is not { Length: DigestLength } digest || !digest.All(char.IsAsciiHexDigitLower))
                throw TaskResException.Invalid($"example_digests[{index}]", "it is not 64 lower-case hex digits.");
        revision.Evidence?.Validate();
        if (revision.Difficulty is { } difficulty) Validate(difficulty, revision.ClassNames.Count);
        if (revision.Measured is { } measured && !(IsShare(measured.SupportAccuracy) && IsShare(measured.BaseSupportAccuracy) && double.IsFinite(measured.FinalLoss)))
            throw TaskResException.Invalid("measured", "accuracies must lie from 0 to 1 and the loss be finite.");
    }

    private static void Validate(DifficultyReport difficulty, int classes)
    {
        if (difficulty.Classes.Count != classes) throw TaskResException.Invalid("difficulty", $"it has {difficulty.Classes.Count} classes for {classes} class names.");
        var named = difficulty.Classes.Select(one => one.ClassIndex)
            .Concat(difficulty.Classes.SelectMany(one => one.Confusions).Select(confusion => confusion.ClassIndex))
            .Concat(difficulty.Suspects.SelectMany(suspect => new[] { suspect.ClassIndex, suspect.LikelyClassIndex }));
        if (named.Any(index => index < 0 || index >= classes)) throw TaskResException.Invalid("difficulty", "it names a class that there is not.");
    }

    private static void Validate(Matrix matrix, Revision revision, string field)
    {
        if (matrix.Rows != revision.ClassNames.Count)
            throw TaskResException.Invalid(field, $"it has {matrix.Rows} rows for {revision.ClassNames.Count} class names.");
        matrix.EnsureFinite(field);
    }

    private static bool IsShare(double accuracy) => accuracy is >= 0 and <= 1;
}
