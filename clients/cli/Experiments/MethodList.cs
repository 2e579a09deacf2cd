using TaskRes.Core.Datasets;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Cli.Experiments;

/// <summary>The methods that can be compared, and what each is run with.</summary>
internal static class MethodList
{
    /// <summary>The base alone: it is always measured.</summary>
    public const string ZeroShot = Revision.ZeroShotMethod;

    /// <summary>Learns through the text tower: it is run only where it is named.</summary>
    public const string CoOp = "coop";

    public static IReadOnlyList<string> Names { get; } = [.. FewShotMethods.All.Select(method => method.Name), FewShotMethods.Auto];

    /// <summary>What is run where nothing is named.</summary>
    public static IReadOnlyList<string> Usual { get; } = [.. Names.Where(name => name != CoOp)];

    /// <summary>
    /// The method authors' settings; for TaskRes and its kin the paper's by dataset, or what the run was given. A weight that is
    /// left open is chosen for every method.
    /// </summary>
    public static TrainingSettings Settings(string method, ExperimentOptions options, DatasetLayout? layout)
    {
        var usual = method == FewShotMethods.Auto ? new TrainingSettings { Method = method } : FewShotMethods.Find(method).Defaults;
        usual = usual with { Epochs = options.Epochs ?? usual.Epochs, ChooseAlpha = options.ChooseAlpha || usual.ChooseAlpha };
        return !IsTaskRes(method)
            ? usual
            : usual with
            {
                Alpha = options.Alpha ?? layout?.Alpha ?? usual.Alpha,
                LearningRate = options.LearningRate ?? layout?.LearningRate ?? usual.LearningRate,
            };
    }

    /// <summary>Why a method cannot be used on a task; null where it can.</summary>
    public static string? Needs(string method, FewShotTask task) => method == FewShotMethods.Auto ? null : FewShotMethods.Find(method).Needs(task);

    /// <summary>Mean |x|, where the classifier is a plain residual of the base.</summary>
    public static double? MeanResidual(string method, FewShotClassifier classifier) =>
        method == TrainingSettings.TaskRes ? classifier.Residual.Values.Average(value => Math.Abs((double)value)) : null;

    private static bool IsTaskRes(string method) => method.StartsWith(TrainingSettings.TaskRes, StringComparison.Ordinal);
}
