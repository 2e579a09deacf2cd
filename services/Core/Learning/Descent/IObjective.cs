namespace TaskRes.Core.Learning.Descent;

/// <summary>What a method minimises, with its gradient written out.</summary>
internal interface IObjective
{
    /// <summary>What is learnt. An optimiser changes the values in place.</summary>
    IReadOnlyList<Matrix> Parameters { get; }

    /// <param name="batch">The examples of a step.</param>
    /// <returns>The batch's loss, and its gradient by each of the parameters.</returns>
    LossGradient Differentiate(Batch batch);
}

/// <param name="Loss">Of the batch.</param>
/// <param name="Accuracy">Share of the batch that is classified right, 0 to 1.</param>
/// <param name="Gradients">Shaped as the parameters, in their order.</param>
internal sealed record LossGradient(double Loss, double Accuracy, IReadOnlyList<Matrix> Gradients);

/// <summary>The examples of a step.</summary>
/// <param name="Features">ẑ, B×D, rows of length 1.</param>
/// <param name="Lengths">‖z‖, B values: z is the row times its length.</param>
/// <param name="Labels">B class indices.</param>
internal sealed record Batch(Matrix Features, float[] Lengths, int[] Labels)
{
    /// <summary>ẑ, for a loss of images that stay as they are.</summary>
    public UnitRows Directions { get; } = UnitRows.Given(Features);
}
