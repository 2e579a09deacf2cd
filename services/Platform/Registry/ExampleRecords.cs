using Google.Protobuf;
using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

internal static class ExampleRecords
{
    public static RedisValue Field(Sha256Digest digest) => digest.ToString();

    /// <exception cref="TaskResException">InvalidField or FeaturesInvalid.</exception>
    public static byte[] Seal(ExampleRecord example, int classCount) => StoredValue.Seal(Of(example, classCount));

    /// <exception cref="TaskResException">InvalidField or FeaturesInvalid.</exception>
    public static Stored.Example Of(ExampleRecord example, int classCount)
    {
        if (example.ClassIndex < 0 || example.ClassIndex >= classCount)
            throw TaskResException.Invalid("class_index", $"{example.ClassIndex} is not one of the task's {classCount} classes.");
        if (example.Views.Count == 0) throw TaskResException.Invalid("views", $"example {example.Digest} has no embedding.");
        var stored = new Stored.Example { Digest = ByteString.CopyFrom(example.Digest.ToBytes()), ClassIndex = example.ClassIndex };
        foreach (var view in example.Views)
        {
            if (view.Length == 0 || view.Length != example.Views[0].Length || !view.All(float.IsFinite))
                throw new TaskResException(ErrorReason.FeaturesInvalid, $"An embedding of example {example.Digest} is empty, not finite, or of another dimension than its first.") { Field = "views" };
            stored.Views.Add(UnsafeByteOperations.UnsafeWrap(FloatBytes.Write(view)));
        }

        return stored;
    }

    /// <exception cref="TaskResException">RevisionCorrupt.</exception>
    public static ExampleRecord Open(RedisValue field, RedisValue value, TaskName task)
    {
        var resource = $"example {field} of {task}";
        var example = Read(StoredValue.Open(value, Stored.Example.Parser, resource), resource);
        return Field(example.Digest) == field ? example : throw StoredValue.Corrupt(resource, "it is of another image");
    }

    /// <exception cref="TaskResException">RevisionCorrupt.</exception>
    public static ExampleRecord Read(Stored.Example stored, string resource)
    {
        if (stored.Digest.Length != Sha256Digest.Length) throw StoredValue.Corrupt(resource, "it names no image");
        var views = stored.Views.Select(view => FloatBytes.Read(view.Span) ?? throw StoredValue.Corrupt(resource, "an embedding holds values that are not finite")).ToArray();
        return new ExampleRecord(Sha256Digest.FromBytes(stored.Digest.Span), stored.ClassIndex, views);
    }
}
