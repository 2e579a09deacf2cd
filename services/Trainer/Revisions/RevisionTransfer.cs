using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Tasks;
using TaskRes.V1;
using Revision = TaskRes.Core.Learning.Revision;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trainer.Revisions;

/// <summary>Revisions as safetensors files, in pieces: out, and in again.</summary>
internal sealed class RevisionTransfer(ITaskRegistry registry, IEmbedder embedder, IOptions<TrainerOptions> options)
{
    private const int MaxChunkBytes = 1 << 20;

    /// <exception cref="TaskResException">TaskNotFound; RevisionNotFound.</exception>
    public async Task ExportAsync(RevisionName name, IServerStreamWriter<ExportRevisionResponse> responses, CancellationToken cancellationToken)
    {
        var revision = await registry.ReadRevisionAsync(name, cancellationToken);
        ReadOnlyMemory<byte> file = revision.ToSafetensors();
        for (var start = 0; start < file.Length; start += MaxChunkBytes)
        {
            var chunk = file.Slice(start, Math.Min(MaxChunkBytes, file.Length - start));
            await responses.WriteAsync(new ExportRevisionResponse { Chunk = UnsafeByteOperations.UnsafeWrap(chunk) }, cancellationToken);
        }
    }

    /// <exception cref="TaskResException">TaskNotFound; LimitExceeded; RevisionCorrupt; EncoderMismatch; InvalidField.</exception>
    public async Task<RevisionRecord> ImportAsync(IAsyncStreamReader<ImportRevisionRequest> requests, CancellationToken cancellationToken)
    {
        if (!await requests.MoveNext(cancellationToken) || requests.Current.PartCase != ImportRevisionRequest.PartOneofCase.Task)
            throw TaskResException.Invalid("task", "the first message must name the task that the revision is for.");
        var task = await registry.GetTaskAsync(TaskName.Parse(requests.Current.Task, "task"), cancellationToken);
        var file = await ReadAsync(requests, cancellationToken);
        var revision = Revision.Parse(file, "the imported file");
        revision.RequireEncoder(task.EncoderFingerprint);
        RequireClasses(revision, task);
        await RequireDimensionAsync(revision, task, cancellationToken);
        return await registry.PublishAsync(task.Name, revision, cancellationToken);
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(IAsyncStreamReader<ImportRevisionRequest> requests, CancellationToken cancellationToken)
    {
        var (file, limit) = (new ArrayBufferWriter<byte>(), options.Value.MaxRevisionBytes);
        while (await requests.MoveNext(cancellationToken))
        {
            if (requests.Current.PartCase != ImportRevisionRequest.PartOneofCase.Chunk) throw TaskResException.Invalid("chunk", "every message after the first must hold a piece of the file.");
            var chunk = requests.Current.Chunk;
            if (chunk.Length > MaxChunkBytes) throw TaskResException.OverLimit("chunk", chunk.Length, MaxChunkBytes, "bytes");
            if ((long)file.WrittenCount + chunk.Length > limit) throw TaskResException.OverLimit("chunk", (long)file.WrittenCount + chunk.Length, limit, "bytes of the whole file");
            file.Write(chunk.Span);
        }

        return file.WrittenMemory;
    }

    /// <exception cref="TaskResException">InvalidField.</exception>
    public static void RequireClasses(Revision revision, TaskRecord task)
    {
        if (revision.ClassNames.Count != task.ClassNames.Count)
            throw TaskResException.Invalid("class_names", $"the file has {revision.ClassNames.Count} classes and {task.Name} has {task.ClassNames.Count}.");
        for (var i = 0; i < task.ClassNames.Count; i++)
            if (revision.ClassNames[i] != task.ClassNames[i])
                throw TaskResException.Invalid($"class_names[{i}]", $"it is \"{revision.ClassNames[i]}\" in the file and \"{task.ClassNames[i]}\" in {task.Name}.");
    }

    // A file may claim any encoder: embeddings of that encoder must fit it all the same.
    private async Task RequireDimensionAsync(Revision revision, TaskRecord task, CancellationToken cancellationToken)
    {
        var model = await embedder.GetModelAsync(cancellationToken);
        EncoderMatch.Require(task, model);
        revision.Base.EnsureColumns(model.EmbeddingDimension, "base");
    }
}
