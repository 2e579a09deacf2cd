using TaskRes.Classifier.Heads;
using TaskRes.Core.Learning;
using TaskRes.Platform.Resources;

namespace TaskRes.Benchmarks.Serving;

/// <summary>Tasks that are in a classifier's memory without a registry's knowing of them.</summary>
internal static class SyntheticTasks
{
    public static TenantName Tenant { get; } = new("acme");

    public static TaskName Name(int task) => Tenant.Task($"task-{task}");

    public static string ClassName(int index) => $"class number {index}";

    public static void Fill(ResidentTasks resident, int tasks, int classes)
    {
        string[] names = [.. Enumerable.Range(0, classes).Select(ClassName)];
        var dimensions = SyntheticEncoder.Description.EmbeddingDimension;
        for (var task = 0; task < tasks; task++)
        {
            var random = new Random(task);
            var rows = new float[classes * dimensions];
            for (var i = 0; i < rows.Length; i++) rows[i] = random.NextSingle() - 0.5f;
            var revision = Revision.ZeroShot(names, [], new Matrix(classes, dimensions, rows), SyntheticEncoder.Description.LogitScale, SyntheticEncoder.Description.Fingerprint);
            // Of the length of a real revision's id.
            resident.Set(new ServedTask(new ResidentHead(Name(task).Revision(SyntheticEncoder.Description.Fingerprint), new Head(revision), revision.EncoderFingerprint)));
        }
    }
}
