namespace TaskRes.Core.Learning;

/// <summary>What labels must be: one class index for each row of features.</summary>
internal static class LabelCheck
{
    /// <exception cref="TaskResException">FeaturesInvalid where the counts differ; UnknownLabel, naming the example.</exception>
    public static void Validate(ReadOnlySpan<int> labels, int rows, int classes)
    {
        if (labels.Length != rows)
            throw new TaskResException(ErrorReason.FeaturesInvalid, $"There are {labels.Length} labels for {rows} rows of features.") { Field = "labels" };
        for (var index = 0; index < labels.Length; index++)
            if ((uint)labels[index] >= (uint)classes) throw Unknown(index, labels[index], classes);
    }

    /// <summary>Labels as files store them.</summary>
    /// <exception cref="TaskResException">UnknownLabel for a number that is no index.</exception>
    public static int[] FromIntegers(long[] labels) =>
        [.. labels.Select((label, index) => label is >= 0 and < int.MaxValue ? (int)label : throw Unknown(index, label, int.MaxValue))];

    private static TaskResException Unknown(int index, long label, int classes) =>
        new(ErrorReason.UnknownLabel, $"labels[{index}]: {label} is no class; classes are numbered 0 to {classes - 1}.")
        {
            Field = $"labels[{index}]",
            Metadata = new Dictionary<string, string> { ["label"] = $"{label}", ["classes"] = $"{classes}" },
        };
}
