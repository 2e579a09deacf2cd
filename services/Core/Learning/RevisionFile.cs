using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Difficulty;
using TaskRes.Core.Learning.Evidence;
using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Learning;

/// <summary>A revision as a safetensors file. A checksum in its metadata covers all else, so that no change goes unseen.</summary>
internal static class RevisionFile
{
    private const string Format = "taskres.revision/1";
    private const string ChecksumKey = "sha256";
    private const string EvidenceKey = "evidence";
    private const string DifficultyKey = "difficulty";

    private static readonly JsonSerializerOptions Json = new()
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    public static byte[] Write(Revision revision)
    {
        RevisionRules.Validate(revision);
        var metadata = Metadata(revision);
        metadata[ChecksumKey] = Checksum(revision, metadata);
        return Bytes(revision, metadata);
    }

    public static Revision Read(ReadOnlyMemory<byte> bytes, string source)
    {
        try
        {
            using var file = SafetensorsFile.FromBytes(bytes, source);
            var revision = Read(file);
            RevisionRules.Validate(revision);
            if (Checksum(revision, Metadata(revision)) != Text(file, ChecksumKey))
                throw Corrupt(source, "its content does not match its checksum");
            return revision;
        }
        catch (TaskResException exception) when (exception.Reason != ErrorReason.RevisionCorrupt)
        {
            throw Corrupt(source, exception.Message, exception);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or OverflowException)
        {
            throw Corrupt(source, "its metadata cannot be read", exception);
        }
    }

    private static Revision Read(SafetensorsFile file)
    {
        if (Text(file, "format") is var format && format != Format)
            throw TaskResException.Invalid("format", $"'{format}' is not '{Format}', the only one that is read.");
        return new Revision
        {
            ClassNames = Texts(file, "class_names"),
            Templates = Texts(file, "templates"),
            BaseKind = Parsed<BaseKind>(file, "base_kind"),
            Base = MatrixFile.Read(file, "base"),
            Residual = MatrixFile.Read(file, "residual"),
            Alpha = double.Parse(Text(file, "alpha"), CultureInfo.InvariantCulture),
            LogitScale = double.Parse(Text(file, "logit_scale"), CultureInfo.InvariantCulture),
            EncoderFingerprint = Text(file, "encoder_fingerprint"),
            Settings = Parsed<TrainingSettings?>(file, "settings") ?? throw TaskResException.Invalid("settings", "it is null."),
            Method = Text(file, "method"),
            ExampleDigests = Texts(file, "example_digests"),
            Measured = Parsed<Measurements?>(file, "measured"),
            Image = ClassifierParts.ReadImage(file),
            Added = ClassifierParts.ReadAdded(file),
            Difficulty = file.Header.Metadata.ContainsKey(DifficultyKey) ? Parsed<DifficultyReport?>(file, DifficultyKey) : null,
            Evidence = file.Header.Metadata.ContainsKey(EvidenceKey) ? Parsed<HeldOutEvidence?>(file, EvidenceKey) : null,
        };
    }

    private static Dictionary<string, string> Metadata(Revision revision)
    {
        var metadata = Common(revision);
        foreach (var (key, value) in ClassifierParts.Metadata(revision.Image, revision.Added)) metadata[key] = value;
        if (revision.Evidence is { } evidence) metadata[EvidenceKey] = JsonSerializer.Serialize(evidence, Json);
        if (revision.Difficulty is { } difficulty) metadata[DifficultyKey] = JsonSerializer.Serialize(difficulty, Json);
        return metadata;
    }

    private static Dictionary<string, string> Common(Revision revision) => new()
    {
        ["format"] = Format,
        ["class_names"] = JsonSerializer.Serialize(revision.ClassNames, Json),
        ["templates"] = JsonSerializer.Serialize(revision.Templates, Json),
        ["base_kind"] = JsonSerializer.Serialize(revision.BaseKind, Json),
        ["alpha"] = revision.Alpha.ToString("R", CultureInfo.InvariantCulture),
        ["logit_scale"] = revision.LogitScale.ToString("R", CultureInfo.InvariantCulture),
        ["encoder_fingerprint"] = revision.EncoderFingerprint,
        ["settings"] = JsonSerializer.Serialize(revision.Settings, Json),
        ["method"] = revision.Method,
        ["example_digests"] = JsonSerializer.Serialize(revision.ExampleDigests, Json),
        ["measured"] = JsonSerializer.Serialize(revision.Measured, Json),
    };

    private static string Checksum(Revision revision, Dictionary<string, string> metadata) =>
        Convert.ToHexStringLower(SHA256.HashData(Bytes(revision, metadata)));

    private static byte[] Bytes(Revision revision, Dictionary<string, string> metadata) => SafetensorsWriter.ToBytes(
        [
            MatrixFile.Tensor("base", revision.Base),
            MatrixFile.Tensor("residual", revision.Residual),
            .. ClassifierParts.Tensors(revision.Image, revision.Added),
        ],
        metadata);

    private static T Parsed<T>(SafetensorsFile file, string key) => JsonSerializer.Deserialize<T>(Text(file, key), Json)!;

    private static string[] Texts(SafetensorsFile file, string key)
    {
        var texts = Parsed<string?[]?>(file, key);
        if (texts is null || texts.Contains(null)) throw TaskResException.Invalid(key, "it is null, or a part of it is.");
        return [.. texts.OfType<string>()];
    }

    private static string Text(SafetensorsFile file, string key) => file.Header.Metadata.TryGetValue(key, out var text)
        ? text
        : throw TaskResException.Invalid(key, "the metadata lacks it.");

    private static TaskResException Corrupt(string source, string fault, Exception? inner = null) =>
        new(ErrorReason.RevisionCorrupt, $"{source} is no sound revision: {fault.TrimEnd('.')}.", inner) { Field = source };
}
