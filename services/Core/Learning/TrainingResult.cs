namespace TaskRes.Core.Learning;

/// <summary>A trained residual.</summary>
/// <param name="Residual">x, K×D.</param>
/// <param name="Losses">Cross-entropy of every step's batch, before the step.</param>
/// <param name="Epochs">Passes made.</param>
/// <param name="SupportAccuracy">Share of the examples' evaluation crops that are classified right, 0 to 1.</param>
/// <param name="BaseSupportAccuracy">The same without the residual.</param>
public sealed record TrainingResult(Matrix Residual, float[] Losses, int Epochs, double SupportAccuracy, double BaseSupportAccuracy)
{
    /// <summary>The last step's loss.</summary>
    public float FinalLoss => Losses[^1];
}

/// <summary>How far a training is, told after each epoch.</summary>
/// <param name="Epoch">Epochs done, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Loss">Mean cross-entropy of the epoch's steps.</param>
/// <param name="LearningRate">The epoch's step size.</param>
/// <param name="Accuracy">Share of the epoch's examples that were classified right before their step, 0 to 1; null where the method does not tell.</param>
public sealed record EpochProgress(int Epoch, int Epochs, double Loss, double LearningRate, double? Accuracy = null);
