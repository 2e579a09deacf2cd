using System.Numerics.Tensors;
using System.Security.Cryptography;
using Google.Protobuf;
using StackExchange.Redis;
using TaskRes.Core.Learning;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>The index entry of a revision: what lists say of it, and the length and digest of its bytes.</summary>
internal static class RevisionRecords
{
    private const double Percent = 100;

    public static RevisionRecord Describe(RevisionName name, Revision revision, DateTimeOffset createTime) => new()
    {
        Name = name,
        Method = revision.Method,
        Alpha = revision.Alpha,
        EncoderFingerprint = revision.EncoderFingerprint,
        ClassCount = revision.Base.Rows,
        EmbeddingDimension = revision.Base.Columns,
        ExampleCount = revision.ExampleDigests.Count,
        Settings = revision.Method == Revision.ZeroShotMethod ? null : revision.Settings,
        SupportAccuracy = (revision.Measured?.SupportAccuracy ?? 0) * Percent,
        BaseSupportAccuracy = (revision.Measured?.BaseSupportAccuracy ?? 0) * Percent,
        FinalLoss = revision.Measured?.FinalLoss ?? 0,
        ResidualMeanAbs = TensorPrimitives.SumOfMagnitudes<float>(revision.Residual.Values) / (double)revision.Residual.Values.Length,
        Evidence = revision.Evidence,
        CreateTime = createTime,
    };

    public static byte[] Seal(RevisionRecord record, ReadOnlySpan<byte> content) => StoredValue.Seal(Of(record, content));

    public static Stored.Revision Of(RevisionRecord record, ReadOnlySpan<byte> content) => new()
    {
        Name = $"{record.Name}",
        Method = record.Method,
        Alpha = record.Alpha,
        EncoderFingerprint = record.EncoderFingerprint,
        ClassCount = record.ClassCount,
        EmbeddingDimension = record.EmbeddingDimension,
        ExampleCount = record.ExampleCount,
        Settings = record.Settings is { } settings ? StoredSettings.Of(settings) : null,
        SupportAccuracy = record.SupportAccuracy,
        BaseSupportAccuracy = record.BaseSupportAccuracy,
        FinalLoss = record.FinalLoss,
        ResidualMeanAbs = record.ResidualMeanAbs,
        Evidence = record.Evidence is { } evidence ? StoredEvidence.Of(evidence) : null,
        CreateTimeUnixMs = record.CreateTime.ToUnixTimeMilliseconds(),
        Length = content.Length,
        Sha256 = UnsafeByteOperations.UnsafeWrap(SHA256.HashData(content)),
    };

    /// <exception cref="Core.TaskResException">RevisionCorrupt.</exception>
    public static Stored.Revision Open(RedisValue value, RevisionName name)
    {
        var stored = StoredValue.Open(value, Stored.Revision.Parser, $"{name}");
        if (stored.Name != $"{name}") throw StoredValue.Corrupt($"{name}", $"it is of {stored.Name}");
        RequireSound(stored, name);
        return stored;
    }

    /// <exception cref="Core.TaskResException">RevisionCorrupt.</exception>
    public static void RequireSound(Stored.Revision stored, RevisionName name)
    {
        double[] numbers = [stored.Alpha, stored.SupportAccuracy, stored.BaseSupportAccuracy, stored.FinalLoss, stored.ResidualMeanAbs];
        if (!numbers.All(double.IsFinite)) throw StoredValue.Corrupt($"{name}", "a number is not finite");
        try
        {
            if (stored.Evidence is { } evidence) StoredEvidence.Read(evidence).Validate();
        }
        catch (Core.TaskResException exception)
        {
            throw StoredValue.Corrupt($"{name}", exception.Message.TrimEnd('.'), exception);
        }
    }

    public static RevisionRecord Read(Stored.Revision stored, RevisionName name) => new()
    {
        Name = name,
        Method = stored.Method,
        Alpha = stored.Alpha,
        EncoderFingerprint = stored.EncoderFingerprint,
        ClassCount = stored.ClassCount,
        EmbeddingDimension = stored.EmbeddingDimension,
        ExampleCount = stored.ExampleCount,
        Settings = stored.Settings is { } settings ? StoredSettings.Read(settings) : null,
        SupportAccuracy = stored.SupportAccuracy,
        BaseSupportAccuracy = stored.BaseSupportAccuracy,
        FinalLoss = stored.FinalLoss,
        ResidualMeanAbs = stored.ResidualMeanAbs,
        Evidence = stored.Evidence is { } evidence ? StoredEvidence.Read(evidence) : null,
        CreateTime = DateTimeOffset.FromUnixTimeMilliseconds(stored.CreateTimeUnixMs),
    };
}
