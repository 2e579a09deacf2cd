namespace TaskRes.Core.Learning.Methods;

/// <summary>What a method learns from: a frozen base classifier and a support set.</summary>
public sealed record FewShotTask
{
    private readonly bool _baseIsOfSupport;

    private FewShotTask(Matrix baseClassifier, bool baseIsOfSupport, SupportSet support, double logitScale)
    {
        baseClassifier.EnsureFinite("base");
        support.Views[0].EnsureColumns(baseClassifier.Columns, "examples");
        if (baseClassifier.Rows != support.Classes)
            throw new TaskResException(ErrorReason.FeaturesInvalid, $"The base classifier has {baseClassifier.Rows} rows for {support.Classes} classes.") { Field = "base" };
        if (logitScale is not (> 0 and <= 1000)) throw TaskResException.Invalid("logit_scale", $"{logitScale} is out of range; give a value above 0 and up to 1000.");
        (Base, _baseIsOfSupport, Support, LogitScale) = (baseClassifier, baseIsOfSupport, support, logitScale);
    }

    /// <summary>t, K×D, raw.</summary>
    public Matrix Base { get; }

    public SupportSet Support { get; }

    /// <summary>s, the exponential of the checkpoint's logit_scale.</summary>
    public double LogitScale { get; }

    /// <summary>The text tower's projection, C×D with C ≤ D; null where it is not at hand.</summary>
    public Matrix? TextProjection { get; init; }

    /// <summary>The text tower, to learn prompts through; null where it is not at hand.</summary>
    public IPromptTower? Prompts { get; init; }

    /// <summary>Epochs×N indices of examples that fix TaskRes's batches in place of the seed's shuffles; null to shuffle.</summary>
    public long[,]? Order { get; init; }

    /// <summary>
    /// What TaskRes's x starts at, K×D; null for zero. <see cref="Subset"/> starts at zero: what an earlier training learnt of an
    /// example that is held out would tell on it.
    /// </summary>
    public Matrix? Start { get; init; }

    /// <summary>A task whose base is given, from text.</summary>
    /// <exception cref="TaskResException">FeaturesInvalid where sizes or values do not hold; InvalidField for the logit scale.</exception>
    public static FewShotTask OfBase(Matrix baseClassifier, SupportSet support, double logitScale) => new(baseClassifier, false, support, logitScale);

    /// <summary>A task whose base is made of the examples' class means.</summary>
    /// <exception cref="TaskResException">NoExamples for a class without; InvalidField for the logit scale.</exception>
    public static FewShotTask OfClassMeans(SupportSet support, double logitScale) =>
        new(BaseClassifier.FromClassMeans(support.Views[0], support.Labels, support.Classes), true, support, logitScale);

    /// <summary>
    /// The task as it would be with some of its examples alone. A base of class means is made anew, without those left out:
    /// else they would tell on themselves.
    /// </summary>
    /// <param name="examples">Their indices.</param>
    public FewShotTask Subset(IReadOnlyList<int> examples)
    {
        var support = Support.Subset(examples);
        var baseClassifier = _baseIsOfSupport ? OfClassMeans(support, LogitScale).Base : Base;
        return new FewShotTask(baseClassifier, _baseIsOfSupport, support, LogitScale) { TextProjection = TextProjection, Prompts = Prompts };
    }

    /// <summary>The same examples on another base.</summary>
    internal FewShotTask WithBase(Matrix baseClassifier) =>
        new(baseClassifier, false, Support, LogitScale) { TextProjection = TextProjection, Prompts = Prompts, Order = Order, Start = Start };

    /// <summary>Whether each class must keep an example of its own: a base of class means has nothing else.</summary>
    public bool NeedsAllClasses => _baseIsOfSupport;
}
