using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>What a task answers with.</summary>
/// <param name="Live">Null where nothing is live.</param>
/// <param name="Rollout">Null where none is under way; it ends when another revision goes live.</param>
public sealed record Serving(RevisionName? Live, Rollout? Rollout)
{
    /// <summary>Names this state of the task, and changes with it: also where the task was deleted and made anew.</summary>
    public string EtagOf(TaskRecord task)
    {
        var state = string.Create(
            CultureInfo.InvariantCulture,
            $"{task.Name}\n{task.CreateTime.ToUnixTimeMilliseconds()}\n{Live?.Revision}\n{Rollout?.Canary?.Revision}\n{Rollout?.CanaryPercent:R}\n{Rollout?.Shadow?.Revision}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)).AsSpan(0, 12));
    }
}

/// <summary>Revisions on trial beside the live one.</summary>
public sealed record Rollout
{
    /// <summary>It answers a share of the requests.</summary>
    public RevisionName? Canary { get; init; }

    /// <summary>Between 0 and 100, both excluded; 0 without a canary.</summary>
    public double CanaryPercent { get; init; }

    /// <summary>It scores every request; its scores are logged and counted, and not returned.</summary>
    public RevisionName? Shadow { get; init; }

    public IEnumerable<RevisionName> Revisions => new[] { Canary, Shadow }.OfType<RevisionName>();
}

/// <summary>What a change of a task takes for granted: it is refused with Conflict where the task is another by now.</summary>
/// <param name="Live">The live revision; null where any will do.</param>
/// <param name="Etag">As <see cref="Serving.EtagOf"/> gave it; null where any will do.</param>
public sealed record ServingExpectation(RevisionName? Live = null, string? Etag = null);
