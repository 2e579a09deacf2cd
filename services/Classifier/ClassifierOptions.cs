using System.ComponentModel.DataAnnotations;

namespace TaskRes.Classifier;

/// <summary>How the classifier keeps its heads: the section <c>Classifier</c>.</summary>
internal sealed class ClassifierOptions
{
    public const string Section = "Classifier";

    /// <summary>Tasks whose heads are in memory; the one used longest ago makes room.</summary>
    [Range(1, 1_000_000)]
    public int MaxTasks { get; set; } = 10_000;

    /// <summary>Memory of all heads together, in bytes; 100 classes of 512 dimensions take 0.2 MB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxHeadBytes { get; set; } = 1L << 30;

    /// <summary>How often the live revisions of the heads in memory are looked up, beside the events of the registry; in seconds.</summary>
    [Range(0.1, 3600)]
    public double RecheckSeconds { get; set; } = 5;

    /// <summary>Items of one stream that are read and not yet answered.</summary>
    [Range(1, 1024)]
    public int MaxStreamItems { get; set; } = 64;
}
