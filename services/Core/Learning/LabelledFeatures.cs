using System.Globalization;
using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Learning;

/// <summary>N×D features and N labels.</summary>
public sealed record LabelledFeatures(Matrix Features, int[] Labels)
{
    private const double UsualLogitScale = 100;

    /// <summary>K where the labels are all that tells it.</summary>
    internal int Classes => Labels.Max() + 1;

    /// <summary>The tensors <c>PREFIX.features</c> and <c>PREFIX.labels</c>.</summary>
    /// <exception cref="TaskResException">CheckpointMismatch where one is missing; NoExamples, FeaturesInvalid or UnknownLabel for what they hold.</exception>
    internal static LabelledFeatures Read(SafetensorsFile file, string prefix)
    {
        var features = MatrixFile.Read(file, $"{prefix}.features");
        var labels = LabelCheck.FromIntegers(file.Integers($"{prefix}.labels"));
        if (features.Rows == 0) throw new TaskResException(ErrorReason.NoExamples, $"{prefix}.features has no rows.") { Field = $"{prefix}.features" };
        LabelCheck.Validate(labels, features.Rows, int.MaxValue);
        return new LabelledFeatures(features, labels);
    }

    /// <summary>s as the metadata of a file of features has it; 100 where it has none.</summary>
    /// <exception cref="TaskResException">InvalidField where it is not a number.</exception>
    internal static double LogitScaleOf(SafetensorsFile file)
    {
        if (!file.Header.Metadata.TryGetValue("logit_scale", out var text)) return UsualLogitScale;
        return double.TryParse(text, CultureInfo.InvariantCulture, out var scale)
            ? scale
            : throw TaskResException.Invalid("logit_scale", $"the metadata's '{text}' is not a number.");
    }
}
