using System.ComponentModel.DataAnnotations;

namespace TaskRes.Platform.Usage;

/// <summary>Section <c>Usage</c>.</summary>
public sealed class UsageOptions
{
    public const string Section = "Usage";

    /// <summary>What tenants used is written this often: a process that is killed loses as much of it.</summary>
    [Range(0.05, 60)]
    public double FlushSeconds { get; set; } = 5;
}
