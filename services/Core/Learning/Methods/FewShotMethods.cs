using TaskRes.Core.Learning.Evidence;

namespace TaskRes.Core.Learning.Methods;

/// <summary>The methods that there are.</summary>
public static class FewShotMethods
{
    /// <summary>The method that held-out examples choose: <see cref="MethodChoice"/>.</summary>
    public const string Auto = "auto";

    /// <summary>In the order in which they are shown.</summary>
    public static IReadOnlyList<IFewShotMethod> All { get; } =
    [
        new ZeroShot(),
        new TaskResidual(),
        new EnhancedTaskResidual(),
        new LearnableAlphaTaskResidual(),
        new ImageTaskResidual(withText: false),
        new ImageTaskResidual(withText: true),
        new LinearProbe(constrained: false),
        new LinearProbe(constrained: true),
        new LpPlusPlus(),
        new GaussianDiscriminant(),
        new TipAdapter(),
        new TipAdapterF(),
        new ClipAdapter(),
        new CoOp(),
    ];

    /// <summary>Their names and <see cref="Auto"/>, for messages and help.</summary>
    public static string Names => string.Join(", ", All.Select(method => method.Name).Append(Auto));

    /// <summary>Whether it is one of <see cref="Names"/>.</summary>
    public static bool IsKnown(string name) => name == Auto || All.Any(method => method.Name == name);

    /// <exception cref="TaskResException">InvalidField, naming those that there are.</exception>
    public static IFewShotMethod Find(string name) => All.FirstOrDefault(method => method.Name == name)
        ?? throw TaskResException.Invalid("settings.method", $"'{name}' is no method that is known; use one of {Names}.");
}
