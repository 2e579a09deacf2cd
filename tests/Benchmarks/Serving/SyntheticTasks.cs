using System.Globalization;
using TaskRes.Classifier.Heads;
using TaskRes.Core.Learning;
using TaskRes.Platform.Resources;

namespace TaskRes.Benchmarks.Serving;

/// <summary>Tasks of one number of classes, 512 dimensions, in a classifier's memory without a registry's knowing of them.</summary>
internal sealed record SyntheticTasks(int Count, int Classes)
{
    private const string Separator = "x";

    public static TenantName Tenant { get; } = new("acme");

    public static string ClassName(int index) => $"class number {index}";

    /// <summary>Such as 5000x100.</summary>
    public static SyntheticTasks Parse(string text) =>
        text.Split(Separator) is [var count, var classes] ? new(int.Parse(count, CultureInfo.InvariantCulture), int.Parse(classes, CultureInfo.InvariantCulture)) : throw new FormatException($"{text} is not COUNT{Separator}CLASSES.");

    public override string ToString() => $"{Count}{Separator}{Classes}";

    public TaskName Name(int task) => Tenant.Task($"of-{Classes}-{task}");

    /// <summary>The first of them.</summary>
    public IReadOnlyList<TaskName> First(int count) => [.. Enumerable.Range(0, count).Select(Name)];

    public void Fill(ResidentTasks resident)
    {
        string[] names = [.. Enumerable.Range(0, Classes).Select(ClassName)];
        var encoder = SyntheticEncoder.Description;
        for (var task = 0; task < Count; task++)
        {
            var random = new Random(task);
            var rows = new float[Classes * encoder.EmbeddingDimension];
            for (var i = 0; i < rows.Length; i++) rows[i] = random.NextSingle() - 0.5f;
            var revision = Revision.ZeroShot(names, [], new Matrix(Classes, encoder.EmbeddingDimension, rows), encoder.LogitScale, encoder.Fingerprint);
            // Of the length of a real revision's id.
            resident.Set(new ServedTask(new ResidentHead(Name(task).Revision(encoder.Fingerprint), new Head(revision), revision.EncoderFingerprint)));
        }
    }
}
