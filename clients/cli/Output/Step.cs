namespace TaskRes.Cli.Output;

/// <summary>How far a piece of work is.</summary>
/// <param name="Done">Of <paramref name="Total"/>.</param>
/// <param name="Total">All there is to do.</param>
/// <param name="What">What is being done now; null leaves the line as it was.</param>
internal readonly record struct Step(long Done, long Total, string? What = null);
