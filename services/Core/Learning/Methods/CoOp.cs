using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Descent;

namespace TaskRes.Core.Learning.Methods;

/// <summary>
/// CoOp (Zhou, Yang, Loy, Liu: "Learning to Prompt for Vision-Language Models", IJCV 2022): context vectors that all classes
/// share, learnt through the frozen text tower. A heavy job: each step runs the tower forth and back for every class.
/// </summary>
internal sealed class CoOp : IFewShotMethod
{
    private const int UsualContext = 16;
    private const double Spread = 0.02;
    private const double Momentum = 0.9;

    public string Name => "coop";

    public string Summary => "the words before the class name, through the text tower; heavy";

    public TrainingSettings Defaults { get; } = new() { Method = "coop", BatchSize = 32, Epochs = 50 };

    public TextTowerNeeds TextTower => TextTowerNeeds.Prompts;

    public string? Needs(FewShotTask task) => task.Prompts is null ? "the encoder's text tower, which is not at hand" : null;

    public FittedMethod Fit(FewShotTask task, TrainingSettings settings, IProgress<EpochProgress>? progress, CancellationToken cancellationToken)
    {
        var tower = task.Prompts ?? throw FewShotMethodErrors.NotApplicable(this, task);
        var random = new SeededRandom(settings.Seed);
        var rows = Math.Min(UsualContext, tower.MaxContext);
        var context = new Matrix(rows, tower.Width, [.. Enumerable.Range(0, rows * tower.Width).Select(_ => (float)(Spread * random.Normal()))]);
        var objective = new ContextObjective(tower, context, task.LogitScale);
        var epochs = settings.EpochsFor(task.Support.Shots);
        var descent = new BatchDescent(objective, new MomentumDescent(Momentum, settings.WeightDecay), (epoch, _, _) => LearningRateSchedule.At(epoch, epochs, settings));
        var losses = descent.Run(task.Support, settings, progress, cancellationToken);
        return new FittedMethod(FewShotClassifier.OfPrototypes(task.Base, tower.Encode(context), task.LogitScale), losses);
    }
}

/// <summary>The loss by the context vectors.</summary>
/// <param name="tower">What makes class vectors of them.</param>
/// <param name="context">M×W; changed.</param>
/// <param name="logitScale">s.</param>
internal sealed class ContextObjective(IPromptTower tower, Matrix context, double logitScale) : IObjective
{
    public IReadOnlyList<Matrix> Parameters => [context];

    public LossGradient Differentiate(Batch batch)
    {
        var loss = 0.0;
        var gradient = tower.Backward(context, classes =>
        {
            var cosine = CosineLoss.Of(batch.Directions, classes, logitScale, batch.Labels);
            loss = cosine.Loss;
            return cosine.ByClasses();
        });
        return new LossGradient(loss, [gradient]);
    }
}
