namespace TaskRes.Client;

/// <summary>What a change of a task takes for granted: it is refused with the reason Conflict where the task is another by now.</summary>
public sealed record ChangeOptions
{
    /// <summary>The etag of the task as it was read; null where any will do.</summary>
    public string? Etag { get; init; }
}

/// <summary>What a promotion takes for granted: it is refused with the reason Conflict where the task is another by now.</summary>
public sealed record PromoteOptions
{
    /// <summary>The full name of the revision that must be live; null where any will do.</summary>
    public string? ExpectedLiveRevision { get; init; }

    /// <summary>The etag of the task as it was read; null where any will do.</summary>
    public string? Etag { get; init; }

    /// <summary>Promote even a revision that held-out examples say is worse than the base, else refused with RevisionHarms.</summary>
    public bool Force { get; init; }
}

/// <summary>What a rollback takes for granted: it is refused with the reason Conflict where the task is another by now.</summary>
public sealed record RollbackOptions
{
    /// <summary>The full name of the revision that must be live; null where any will do.</summary>
    public string? ExpectedLiveRevision { get; init; }

    /// <summary>The etag of the task as it was read; null where any will do.</summary>
    public string? Etag { get; init; }
}
