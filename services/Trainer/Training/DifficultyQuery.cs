using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Difficulty;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;

namespace TaskRes.Trainer.Training;

/// <summary>A task's difficulty: as it was measured with a revision, else by the base alone.</summary>
internal sealed class DifficultyQuery(ITaskRegistry registry, FewShotTasks tasks)
{
    private const int NewestRevisions = 20;

    /// <param name="revision">Null for the newest that was trained.</param>
    /// <exception cref="TaskResException">TaskNotFound, RevisionNotFound, RevisionCorrupt, NoExamples, EncoderMismatch.</exception>
    public async Task<V1.Difficulty> GetAsync(TaskName name, RevisionName? revision, CancellationToken cancellationToken)
    {
        var task = await registry.GetTaskAsync(name, cancellationToken);
        var trained = revision ?? await NewestAsync(name, cancellationToken);
        if (trained is { } known && await registry.ReadRevisionAsync(known, cancellationToken) is { Difficulty: { } measured } content)
            return DifficultyViews.Of(measured, known, content.ClassNames, content.ExampleDigests);

        var examples = await registry.ReadExamplesAsync(name, cancellationToken);
        TrainingData.RequireExamples(task, TrainingData.Count(task, examples));
        var fewShot = await tasks.OfAsync(task, TrainingData.SupportSet(task, examples), cancellationToken);
        return DifficultyViews.Of(DifficultyAnalysis.OfBase(fewShot), null, task.ClassNames, [.. examples.Select(example => $"{example.Digest}")]);
    }

    private async Task<RevisionName?> NewestAsync(TaskName name, CancellationToken cancellationToken)
    {
        var page = await registry.ListRevisionsAsync(name, new PageRequest(NewestRevisions, null), cancellationToken);
        return page.Items.FirstOrDefault(revision => revision.Method != Revision.ZeroShotMethod)?.Name;
    }
}
