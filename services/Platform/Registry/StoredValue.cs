using System.Security.Cryptography;
using Google.Protobuf;
using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Registry.Stored;

namespace TaskRes.Platform.Registry;

/// <summary>Puts a message into its checksummed envelope and takes it out again, believing nothing.</summary>
internal static class StoredValue
{
    private const uint Schema = 1;

    public static byte[] Seal(IMessage message)
    {
        var payload = message.ToByteArray();
        return new Envelope
        {
            Schema = Schema,
            Payload = UnsafeByteOperations.UnsafeWrap(payload),
            Sha256 = UnsafeByteOperations.UnsafeWrap(SHA256.HashData(payload)),
        }.ToByteArray();
    }

    /// <param name="value">As read.</param>
    /// <param name="parser">Of the message inside.</param>
    /// <param name="resource">What to call it in errors.</param>
    /// <exception cref="TaskResException">RevisionCorrupt.</exception>
    public static T Open<T>(RedisValue value, MessageParser<T> parser, string resource)
        where T : IMessage<T>
    {
        try
        {
            var envelope = Envelope.Parser.ParseFrom(UnsafeByteOperations.UnsafeWrap(value));
            if (envelope.Schema != Schema) throw Corrupt(resource, $"its schema is {envelope.Schema} and the one that is read is {Schema}");
            return SHA256.HashData(envelope.Payload.Span).AsSpan().SequenceEqual(envelope.Sha256.Span)
                ? parser.ParseFrom(envelope.Payload)
                : throw Corrupt(resource, "its content does not match its checksum");
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidCastException)
        {
            throw Corrupt(resource, "it cannot be read", exception);
        }
    }

    public static TaskResException Corrupt(string resource, string fault, Exception? inner = null) =>
        new(ErrorReason.RevisionCorrupt, $"What is stored of {resource} is damaged: {fault}. Restore the registry, or delete it and make it anew.", inner)
        {
            Metadata = new Dictionary<string, string> { ["resource"] = resource },
        };
}
