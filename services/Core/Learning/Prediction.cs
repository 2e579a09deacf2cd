namespace TaskRes.Core.Learning;

/// <summary>A class an image may be of.</summary>
/// <param name="ClassIndex">Its place among the task's class names.</param>
/// <param name="ClassName">Its name.</param>
/// <param name="Probability">Softmax of the logits of all the task's classes, 0 to 1.</param>
/// <param name="Logit">The scaled cosine.</param>
public sealed record Prediction(int ClassIndex, string ClassName, float Probability, float Logit);
