using System.ComponentModel.DataAnnotations;

namespace TaskRes.Platform.Circuits;

/// <summary>When a service stops asking the encoder, the cache or the registry for a while: the section <c>Circuits</c>.</summary>
public sealed class CircuitOptions
{
    public const string Section = "Circuits";

    /// <summary>Calls that failed in a row, by no answer or none in time, before further ones are not made.</summary>
    [Range(1, 1000)]
    public int Failures { get; set; } = 3;

    /// <summary>How long no call is made; then one is tried, and its success lets the others follow; from 0.1 seconds to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(2);
}
