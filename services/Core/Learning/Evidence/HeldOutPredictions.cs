namespace TaskRes.Core.Learning.Evidence;

/// <summary>What held-out examples were taken for.</summary>
/// <param name="Examples">Which, M indices.</param>
/// <param name="Labels">Their classes.</param>
/// <param name="Before">By the base.</param>
/// <param name="After">By what was trained without them.</param>
internal sealed record HeldOutPredictions(int[] Examples, int[] Labels, CalibratedLosses Before, CalibratedLosses After);
