namespace TaskRes.Core.Learning;

/// <summary>
/// The step size by epoch: one warm-up epoch at a constant rate, then half a cosine. As in the released code the cosine
/// starts with the epoch after the warm-up but is as long as all epochs, so that it ends just above zero.
/// </summary>
public static class LearningRateSchedule
{
    /// <summary>The rate of an epoch: epoch 0 the warm-up's, epoch e ≥ 1 <c>½·lr·(1 + cos(π(e−1)/T))</c>.</summary>
    /// <param name="epoch">e, from 0.</param>
    /// <param name="epochs">T.</param>
    /// <param name="settings">Gives lr and the warm-up's rate.</param>
    public static double At(int epoch, int epochs, TrainingSettings settings) => epoch == 0
        ? settings.WarmupLearningRate
        : 0.5 * settings.LearningRate * (1 + Math.Cos(Math.PI * (epoch - 1) / epochs));
}
