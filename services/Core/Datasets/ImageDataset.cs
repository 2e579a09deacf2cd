namespace TaskRes.Core.Datasets;

/// <summary>A labelled dataset in its three parts.</summary>
public sealed record ImageDataset
{
    public required string Name { get; init; }

    /// <summary>The folder that the images' paths begin in.</summary>
    public required string Root { get; init; }

    /// <summary>K names; several classes may bear the same (ImageNet's sunglasses).</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>What shots are drawn from; empty where the dataset is for testing alone.</summary>
    public IReadOnlyList<LabelledImage> Train { get; init; } = [];

    /// <summary>Empty where the dataset has none (ImageNet).</summary>
    public IReadOnlyList<LabelledImage> Validation { get; init; } = [];

    public required IReadOnlyList<LabelledImage> Test { get; init; }

    /// <summary>The classes that the test images are of and that alone are told apart, where they are not all (ImageNet-A, -R).</summary>
    public IReadOnlyList<int>? TestClasses { get; init; }

    /// <summary>The path of an image's file.</summary>
    public string PathOf(LabelledImage image) => Path.Combine(Root, image.Path);
}
