using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Platform.Resources;

namespace TaskRes.Classifier.Heads;

/// <summary>A head in memory, with the revision it was made from.</summary>
internal sealed record ResidentHead(RevisionName Name, Head Head, string EncoderFingerprint)
{
    private const int BytesPerName = 64;

    /// <summary>Its weights and, about, its class names.</summary>
    public long Bytes => Head.Bytes + (Head.Classes * (long)BytesPerName);

    /// <exception cref="TaskResException">EncoderMismatch.</exception>
    public void RequireEncoder(string fingerprint)
    {
        if (fingerprint == EncoderFingerprint) return;
        throw new TaskResException(ErrorReason.EncoderMismatch, $"{Name} was made for the encoder {EncoderFingerprint} and the one in use is {fingerprint}: train the task anew, or use that encoder.")
        {
            Metadata = new Dictionary<string, string> { ["revision"] = $"{Name}", ["expected"] = EncoderFingerprint, ["actual"] = fingerprint },
        };
    }
}
