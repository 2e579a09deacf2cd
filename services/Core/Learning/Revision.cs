using System.Security.Cryptography;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Difficulty;
using TaskRes.Core.Learning.Evidence;

namespace TaskRes.Core.Learning;

/// <summary>What the base classifier was made from. The values are those of the proto enum.</summary>
public enum BaseKind
{
    /// <summary>The class names, through the text tower.</summary>
    Prompts = 1,

    /// <summary>The examples' class means.</summary>
    ClassMean = 2,
}

/// <summary>What was measured when a revision was trained; accuracies from 0 to 1.</summary>
/// <param name="SupportAccuracy">On the examples themselves.</param>
/// <param name="BaseSupportAccuracy">The same without the residual.</param>
/// <param name="FinalLoss">Cross-entropy of the last step.</param>
public sealed record Measurements(double SupportAccuracy, double BaseSupportAccuracy, double FinalLoss);

/// <summary>
/// An immutable trained result: all it takes to serve a task, and where it came from. It holds no time and no place, so that
/// the same training gives the same content and so the same <see cref="Id"/>.
/// </summary>
public sealed class Revision
{
    /// <summary>The method of a revision without training.</summary>
    public const string ZeroShotMethod = "zero-shot";

    private const int IdLength = 32;

    private readonly Lazy<string> _id;

    public Revision() => _id = new Lazy<string>(() => Convert.ToHexStringLower(SHA256.HashData(ToSafetensors()))[..IdLength]);

    /// <summary>K names, in the order of the rows.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>The prompt templates the base was made with; none for a class-mean base.</summary>
    public required IReadOnlyList<string> Templates { get; init; }

    public required BaseKind BaseKind { get; init; }

    /// <summary>t, K×D.</summary>
    public required Matrix Base { get; init; }

    /// <summary>x, K×D.</summary>
    public required Matrix Residual { get; init; }

    /// <summary>α as served.</summary>
    public required double Alpha { get; init; }

    /// <summary>What is done to the image embedding first; null in TaskRes.</summary>
    public ImageChange? Image { get; init; }

    /// <summary>Logits beside the cosine's; null in TaskRes.</summary>
    public AddedLogits? Added { get; init; }

    /// <summary>s, the exponential of the checkpoint's logit_scale.</summary>
    public required double LogitScale { get; init; }

    /// <summary>Hash of the encoder's weights, preprocessing and tokenizer: embeddings of another do not fit.</summary>
    public required string EncoderFingerprint { get; init; }

    /// <summary>How it was trained.</summary>
    public required TrainingSettings Settings { get; init; }

    /// <summary>The method that made the residual; <see cref="ZeroShotMethod"/> where there is none.</summary>
    public required string Method { get; init; }

    /// <summary>SHA-256 of each example's image, in hex.</summary>
    public required IReadOnlyList<string> ExampleDigests { get; init; }

    /// <summary>Null where nothing was trained.</summary>
    public required Measurements? Measured { get; init; }

    /// <summary>What held-out examples say of it; null where nothing was held out.</summary>
    public HeldOutEvidence? Evidence { get; init; }

    /// <summary>How hard its task was; null where that was not measured.</summary>
    public DifficultyReport? Difficulty { get; init; }

    /// <summary>What is served.</summary>
    public FewShotClassifier Classifier => new() { Base = Base, Residual = Residual, Alpha = Alpha, LogitScale = LogitScale, Image = Image, Added = Added };

    /// <summary>The first 32 hex digits of the SHA-256 of <see cref="ToSafetensors"/>.</summary>
    public string Id => _id.Value;

    /// <summary>A task's revision before any training: the base alone.</summary>
    /// <param name="classNames">K names.</param>
    /// <param name="templates">The prompt templates.</param>
    /// <param name="baseClassifier">t, K×D.</param>
    /// <param name="logitScale">s.</param>
    /// <param name="encoderFingerprint">The encoder that made t.</param>
    public static Revision ZeroShot(
        IReadOnlyList<string> classNames, IReadOnlyList<string> templates, Matrix baseClassifier, double logitScale, string encoderFingerprint) => new()
        {
            ClassNames = classNames,
            Templates = templates,
            BaseKind = BaseKind.Prompts,
            Base = baseClassifier,
            Residual = Matrix.Zeros(baseClassifier.Rows, baseClassifier.Columns),
            Alpha = 0,
            LogitScale = logitScale,
            EncoderFingerprint = encoderFingerprint,
            Settings = new TrainingSettings(),
            Method = ZeroShotMethod,
            ExampleDigests = [],
            Measured = null,
        };

    /// <summary>The file a revision is stored, exported and named by: tensors <c>base</c> and <c>residual</c>, the rest as metadata.</summary>
    /// <exception cref="TaskResException">InvalidField or FeaturesInvalid where the parts do not hold together.</exception>
    public byte[] ToSafetensors() => RevisionFile.Write(this);

    /// <summary>Reads what <see cref="ToSafetensors"/> wrote.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <exception cref="TaskResException">RevisionCorrupt where its format, checksum, shapes or values do not hold.</exception>
    public static Revision Parse(ReadOnlyMemory<byte> bytes, string source) => RevisionFile.Read(bytes, source);

    /// <summary>Refuses to serve embeddings of another encoder than the one that this revision was made for.</summary>
    /// <exception cref="TaskResException">EncoderMismatch, naming both.</exception>
    public void RequireEncoder(string fingerprint)
    {
        if (fingerprint == EncoderFingerprint) return;
        throw new TaskResException(ErrorReason.EncoderMismatch, $"Revision {Id} was made for the encoder {EncoderFingerprint} and the one in use is {fingerprint}: train the task anew, or use that encoder.")
        {
            Field = "encoder_fingerprint",
            Metadata = new Dictionary<string, string> { ["revision"] = Id, ["expected"] = EncoderFingerprint, ["actual"] = fingerprint },
        };
    }
}
