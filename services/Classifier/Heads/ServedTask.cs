using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;

namespace TaskRes.Classifier.Heads;

/// <summary>
/// What a task answers with, in memory: its live head and those of its rollout. Immutable: a request that took it keeps it,
/// whatever is promoted or evicted meanwhile.
/// </summary>
internal sealed record ServedTask(ResidentHead Live)
{
    public ResidentHead? Canary { get; init; }

    /// <summary>The canary's share of the requests.</summary>
    public double CanaryPercent { get; init; }

    public ResidentHead? Shadow { get; init; }

    public TaskName Name => Live.Name.Task;

    public long Bytes => Heads.Sum(head => head.Bytes);

    public IEnumerable<ResidentHead> Heads => new[] { Live, Canary, Shadow }.OfType<ResidentHead>();

    /// <summary>What the registry says where this is still right.</summary>
    public Serving Serving => new(
        Live.Name,
        Canary is null && Shadow is null ? null : new Rollout { Canary = Canary?.Name, CanaryPercent = CanaryPercent, Shadow = Shadow?.Name });

    /// <summary>The head that answers for an image, the same one each time: a client that asks again is not told another thing.</summary>
    public ResidentHead HeadFor(Sha256Digest image) => Canary is not null && PercentOf(image, Canary.Name.Revision) < CanaryPercent ? Canary : Live;

    // Even over images, and unrelated between canaries: otherwise the same images would be on trial each time.
    private static double PercentOf(Sha256Digest image, string canary) =>
        100 * (BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{canary}/{image}"))) / (uint.MaxValue + 1.0));
}
