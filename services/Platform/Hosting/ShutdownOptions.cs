using System.ComponentModel.DataAnnotations;

namespace TaskRes.Platform.Hosting;

/// <summary>How a service stops: the section <c>Shutdown</c>.</summary>
public sealed class ShutdownOptions
{
    public const string Section = "Shutdown";

    /// <summary>For how long health says NOT_SERVING while calls are still taken, so that balancers turn away first; in seconds. Give at least their check's period.</summary>
    [Range(0, 300)]
    public double DrainSeconds { get; set; }

    /// <summary>How long calls in flight may take to finish after that before they are cut; in seconds.</summary>
    [Range(0, 3600)]
    public double TimeoutSeconds { get; set; } = 20;
}
