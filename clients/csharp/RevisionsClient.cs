using System.Runtime.CompilerServices;
using Google.Protobuf;
using TaskRes.Client.Calls;
using TaskRes.V1;

namespace TaskRes.Client;

/// <summary>
/// Lists, serves, and carries away the trained results of a task. A revision is given by its full name
/// <c>tenants/{tenant}/tasks/{task}/revisions/{revision}</c>.
/// </summary>
public sealed class RevisionsClient
{
    private const int ChunkBytes = 1 << 20;

    private readonly RpcCaller _rpc;
    private readonly TrainerService.TrainerServiceClient _trainer;

    internal RevisionsClient(RpcCaller rpc, TrainerService.TrainerServiceClient trainer)
    {
        _rpc = rpc;
        _trainer = trainer;
    }

    /// <summary>All revisions of a task, newest first, read page by page.</summary>
    public IAsyncEnumerable<Revision> ListAsync(string task, CancellationToken cancellationToken = default) =>
        Pages.ReadAsync(
            async (token, cancel) =>
            {
                var request = new ListRevisionsRequest { Parent = _rpc.TaskName(task), PageToken = token };
                var page = await _rpc.UnaryAsync(_trainer.ListRevisionsAsync, request, cancel).ConfigureAwait(false);
                return ((IReadOnlyList<Revision>)page.Revisions, page.NextPageToken);
            },
            cancellationToken);

    /// <summary>One revision: how it was trained and how well it fits its examples.</summary>
    public async Task<Revision> GetAsync(string revision, CancellationToken cancellationToken = default) =>
        (await _rpc.UnaryAsync(_trainer.GetRevisionAsync, new GetRevisionRequest { Name = revision }, cancellationToken).ConfigureAwait(false)).Revision;

    /// <summary>Makes a revision the live one, which ends a rollout.</summary>
    public async Task<V1.Task> PromoteAsync(string revision, PromoteOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = new PromoteRevisionRequest
        {
            Name = revision,
            ExpectedLiveRevision = options?.ExpectedLiveRevision ?? "",
            Etag = options?.Etag ?? "",
            Force = options?.Force ?? false,
        };
        return (await _rpc.UnaryAsync(_trainer.PromoteRevisionAsync, request, cancellationToken).ConfigureAwait(false)).Task;
    }

    /// <summary>Makes the revision live again that was live before the present one, which ends a rollout.</summary>
    public async Task<V1.Task> RollbackAsync(string task, RollbackOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = new RollbackTaskRequest
        {
            Name = _rpc.TaskName(task),
            ExpectedLiveRevision = options?.ExpectedLiveRevision ?? "",
            Etag = options?.Etag ?? "",
            // Of all attempts: the server goes back once.
            RequestId = Guid.NewGuid().ToString(),
        };
        return (await _rpc.UnaryAsync(_trainer.RollbackTaskAsync, request, cancellationToken).ConfigureAwait(false)).Task;
    }

    /// <summary>
    /// Puts revisions on trial beside the live one: a canary that answers a share of the requests, a shadow that scores all of
    /// them unseen. It replaces what was on trial before; null ends it.
    /// </summary>
    public async Task<V1.Task> SetRolloutAsync(string task, Rollout? rollout, ChangeOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = new SetRolloutRequest { Task = _rpc.TaskName(task), Rollout = rollout, Etag = options?.Etag ?? "" };
        return (await _rpc.UnaryAsync(_trainer.SetRolloutAsync, request, cancellationToken).ConfigureAwait(false)).Task;
    }

    /// <summary>Writes a revision to <paramref name="destination"/> as a safetensors file.</summary>
    public async System.Threading.Tasks.Task ExportAsync(string revision, Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using var call = _trainer.ExportRevision(new ExportRevisionRequest { Name = revision }, _rpc.Stream(cancellationToken));
        await foreach (var part in _rpc.ReadAsync(call.ResponseStream, cancellationToken).ConfigureAwait(false))
            await destination.WriteAsync(part.Chunk.Memory, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes a revision from a safetensors file into a task with the same classes and encoder. It is not promoted.</summary>
    public async Task<Revision> ImportAsync(string task, Stream source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var call = _trainer.ImportRevision(_rpc.Stream(cancellationToken));
        var response = await _rpc.UploadAsync(call, Parts(_rpc.TaskName(task), source, cancellationToken), cancellationToken).ConfigureAwait(false);
        return response.Revision;
    }

    private static async IAsyncEnumerable<ImportRevisionRequest> Parts(
        string task, Stream source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new ImportRevisionRequest { Task = task };
        var buffer = new byte[ChunkBytes];
        while (await source.ReadAtLeastAsync(buffer, ChunkBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) is > 0 and var length)
            yield return new ImportRevisionRequest { Chunk = ByteString.CopyFrom(buffer, 0, length) };
    }
}
