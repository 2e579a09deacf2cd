using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>
/// Names an encoder by what decides its embeddings: the weights' values, the architecture, the preprocessing and the
/// tokenizer. The file's form and the precision they are stored in do not matter where the values are the same.
/// </summary>
internal static class Fingerprint
{
    /// <returns>SHA-256 in hexadecimal.</returns>
    public static string Of(ICheckpoint checkpoint, ClipConfig config, string preprocessing, string tokenizer)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in checkpoint.Tensors.Keys.Where(name => !Weights.IsBookkeeping(name)).Order(StringComparer.Ordinal))
        {
            AppendText(hash, name);
            AppendText(hash, string.Join(',', checkpoint.Tensors[name].Shape));
            using var scope = NewDisposeScope();
            hash.AppendData(checkpoint.Read(name).to(ScalarType.Float32).contiguous().bytes);
        }
        AppendText(hash, Describe(config.Text));
        AppendText(hash, config.Vision.Tower is { } tower ? Describe(tower) : "");
        if (config.Padding is { } padding) AppendText(hash, FormattableString.Invariant($"padded with {padding}"));
        AppendText(hash, preprocessing);
        AppendText(hash, tokenizer);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What the shapes do not tell.</summary>
    private static string Describe(TransformerConfig tower) => FormattableString.Invariant($"{tower.Heads},{tower.Activation},{tower.Eps:R}");

    /// <summary>Length first, so that no two sequences of texts are alike.</summary>
    private static void AppendText(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
