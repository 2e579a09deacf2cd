using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Registry;
using TaskRes.Trainer.Jobs;
using TaskRes.Trainer.Tasks;
using BaseKind = TaskRes.Core.Learning.BaseKind;

namespace TaskRes.Trainer.Training;

/// <summary>Stored tasks as methods take them: examples and the base they start from.</summary>
internal sealed class FewShotTasks(ITaskRegistry registry, IEmbedder embedder, Patience patience)
{
    /// <exception cref="Core.TaskResException">RevisionCorrupt, EncoderMismatch, EncoderUnavailable, RegistryUnavailable.</exception>
    public async Task<FewShotTask> OfAsync(TaskRecord task, SupportSet support, CancellationToken cancellationToken)
    {
        if (task.BaseKind == BaseKind.Prompts)
        {
            var zeroShot = await patience.RunAsync(token => registry.ReadRevisionAsync(task.Name.Revision(task.ZeroShotRevision!), token), cancellationToken);
            return FewShotTask.OfBase(zeroShot.Base, support, zeroShot.LogitScale);
        }

        var model = await patience.RunAsync(token => embedder.GetModelAsync(token).AsTask(), cancellationToken);
        EncoderMatch.Require(task, model);
        return FewShotTask.OfClassMeans(support, model.LogitScale);
    }
}
