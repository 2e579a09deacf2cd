namespace TaskRes.Core.Datasets;

/// <summary>An image file of a dataset.</summary>
/// <param name="Path">Relative to the dataset's folder.</param>
/// <param name="Label">The index of its class.</param>
public sealed record LabelledImage(string Path, int Label);
