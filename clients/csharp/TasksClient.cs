using TaskRes.Client.Calls;
using TaskRes.V1;

namespace TaskRes.Client;

/// <summary>Makes, reads and deletes tasks. A task is given by its id or its full name <c>tenants/{tenant}/tasks/{task}</c>.</summary>
public sealed class TasksClient
{
    private readonly RpcCaller _rpc;
    private readonly TrainerService.TrainerServiceClient _trainer;

    internal TasksClient(RpcCaller rpc, TrainerService.TrainerServiceClient trainer)
    {
        _rpc = rpc;
        _trainer = trainer;
    }

    /// <summary>Makes a task. With a base of prompts its zero-shot classifier is live at once.</summary>
    public async Task<V1.Task> CreateAsync(CreateTaskOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var request = new CreateTaskRequest
        {
            Parent = _rpc.Options.TenantName,
            TaskId = options.TaskId,
            Task = new V1.Task { BaseKind = options.BaseKind, ClassNames = { options.ClassNames }, Templates = { options.Templates } },
            RequestId = Guid.NewGuid().ToString(),
        };
        return (await _rpc.UnaryAsync(_trainer.CreateTaskAsync, request, cancellationToken).ConfigureAwait(false)).Task;
    }

    /// <summary>The task and how many examples it has of each class.</summary>
    public Task<GetTaskResponse> GetAsync(string task, CancellationToken cancellationToken = default) =>
        _rpc.UnaryAsync(_trainer.GetTaskAsync, new GetTaskRequest { Name = _rpc.TaskName(task) }, cancellationToken);

    /// <summary>All tasks of the client's tenant by name, read page by page; without their class names.</summary>
    public IAsyncEnumerable<V1.Task> ListAsync(CancellationToken cancellationToken = default) =>
        Pages.ReadAsync(
            async (token, cancel) =>
            {
                var request = new ListTasksRequest { Parent = _rpc.Options.TenantName, PageToken = token };
                var page = await _rpc.UnaryAsync(_trainer.ListTasksAsync, request, cancel).ConfigureAwait(false);
                return ((IReadOnlyList<V1.Task>)page.Tasks, page.NextPageToken);
            },
            cancellationToken);

    /// <summary>How hard the task is for the encoder, and which of its classes need more images.</summary>
    /// <param name="task">Its id or full name.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Difficulty> GetDifficultyAsync(string task, DifficultyOptions? options = null, CancellationToken cancellationToken = default) =>
        (await _rpc.UnaryAsync(_trainer.GetDifficultyAsync, new GetDifficultyRequest { Task = _rpc.TaskName(task), Revision = options?.Revision ?? "" }, cancellationToken).ConfigureAwait(false)).Difficulty;

    /// <summary>Deletes the task with its examples, revisions and jobs; with an etag, only while it is the task's.</summary>
    public async System.Threading.Tasks.Task DeleteAsync(string task, ChangeOptions? options = null, CancellationToken cancellationToken = default) =>
        await _rpc.UnaryAsync(_trainer.DeleteTaskAsync, new DeleteTaskRequest { Name = _rpc.TaskName(task), Etag = options?.Etag ?? "" }, cancellationToken).ConfigureAwait(false);
}
