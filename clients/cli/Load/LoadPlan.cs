namespace TaskRes.Cli.Load;

/// <summary>What a load is made of.</summary>
internal sealed record LoadPlan
{
    /// <summary>Empty for embeddings in place of answers.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>Requests under way: so many always in the closed loop, at the most in the open.</summary>
    public required int Concurrency { get; init; }

    /// <summary>Requests a second, at random times; null for the closed loop, in which each follows the end of another.</summary>
    public required double? Rate { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The share of requests whose image was sent before, 0 to 1.</summary>
    public required double HitRatio { get; init; }

    public required int Seed { get; init; }
}
