namespace TaskRes.Client;

/// <summary>Which measurement of a task's difficulty to read.</summary>
public sealed record DifficultyOptions
{
    /// <summary>The full name of the revision whose training measured it; null for the newest trained, and for the base alone where nothing was.</summary>
    public string? Revision { get; init; }
}
