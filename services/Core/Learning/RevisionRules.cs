using TaskRes.Core.Learning.Classifiers;

namespace TaskRes.Core.Learning;

/// <summary>What must hold of a revision, whether it was just trained or comes from a file.</summary>
internal static class RevisionRules
{
    private const int DigestLength = 64;

    /// <exception cref="TaskResException">InvalidField, LimitExceeded or FeaturesInvalid.</exception>
    public static void Validate(Revision revision)
    {
        ClassNames.Validate(revision.ClassNames, int.MaxValue, "class_names");
        for (var index = 0; index < revision.Templates.Count; index++) PromptTemplates.Validate(revision.Templates[index], $"templates[{index}]");
        Validate(revision.Base, revision, "base");
        Validate(revision.Residual, revision, "residual");
        if (revision.Base.Columns != revision.Residual.Columns)
            throw TaskResException.Invalid("residual", $"it has {revision.Residual.Columns} dimensions and the base has {revision.Base.Columns}.");
        if (revision.Alpha is not (>= 0 and <= 10)) throw TaskResException.Invalid("alpha", $"{revision.Alpha} is out of range; give a value from 0 to 10.");
        if (revision.LogitScale is not (> 0 and <= 1000)) throw TaskResException.Invalid("logit_scale", $"{revision.LogitScale} is out of range; give a value above 0 and up to 1000.");
        _ = new CosineClassifier(revision.Base, revision.Residual, revision.Alpha, revision.LogitScale); // refuses rows without direction
        ClassifierParts.Validate(revision.Image, revision.Added, revision.Base.Rows, revision.Base.Columns);
        if (revision.EncoderFingerprint.Length == 0) throw TaskResException.Invalid("encoder_fingerprint", "it is empty.");
        if (revision.Method.Length == 0) throw TaskResException.Invalid("method", "it is empty.");
        revision.Settings.Validate();
        for (var index = 0; index < revision.ExampleDigests.Count; index++)
            if (revision.ExampleDigests[index] is not { Length: DigestLength } digest || !digest.All(char.IsAsciiHexDigitLower))
                throw TaskResException.Invalid($"example_digests[{index}]", "it is not 64 lower-case hex digits.");
        if (revision.Measured is { } measured && !(IsShare(measured.SupportAccuracy) && IsShare(measured.BaseSupportAccuracy) && double.IsFinite(measured.FinalLoss)))
            throw TaskResException.Invalid("measured", "accuracies must lie from 0 to 1 and the loss be finite.");
    }

    private static void Validate(Matrix matrix, Revision revision, string field)
    {
        if (matrix.Rows != revision.ClassNames.Count)
            throw TaskResException.Invalid(field, $"it has {matrix.Rows} rows for {revision.ClassNames.Count} class names.");
        matrix.EnsureFinite(field);
    }

    private static bool IsShare(double accuracy) => accuracy is >= 0 and <= 1;
}
