namespace TaskRes.Client;

/// <summary>How to classify.</summary>
public sealed record ClassifyOptions
{
    /// <summary>How many classes to answer with, best first; 0 means 5.</summary>
    public int TopK { get; init; }
}
