namespace TaskRes.Core.Datasets;

/// <summary>How a public dataset lies on the disk, and what the paper trains on it with.</summary>
public sealed record DatasetLayout
{
    /// <summary>By which <see cref="Learning.PromptTemplates"/> knows it too.</summary>
    public required string Name { get; init; }

    /// <summary>Its folder, below that of all datasets.</summary>
    public required string Folder { get; init; }

    /// <summary>The folder that image paths begin in, below <see cref="Folder"/>; empty where it is the same.</summary>
    public string Images { get; init; } = "";

    /// <summary>The files beside the images that are needed, the split first.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>What to fetch, for people.</summary>
    public required string Fetch { get; init; }

    /// <summary>α of the paper.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>Step size of the paper.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>The dataset that shots are drawn from, where this one is for testing alone.</summary>
    public string? TrainedOn { get; init; }

    internal Func<DatasetLayout, DatasetFolder, ImageDataset> Reader { get; init; } = SplitFile.Read;

    /// <summary>Reads the lists and sees that every image they name is there; the images are not read.</summary>
    /// <param name="root">The folder of all datasets.</param>
    /// <exception cref="TaskResException">
    /// NoExamples where data is missing, saying what to fetch and where to put it; InvalidField or UnknownLabel where a list is
    /// malformed, naming file and entry.
    /// </exception>
    public ImageDataset Read(string root)
    {
        var folder = new DatasetFolder(this, Path.GetFullPath(Path.Combine(root, Folder)));
        folder.RequirePresent();
        var dataset = Reader(this, folder);
        folder.RequireImages(dataset);
        return dataset;
    }
}
