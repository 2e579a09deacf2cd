using Grpc.Core;
using TaskRes.Core;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Requests;
using TaskRes.Trainer.Tasks;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trainer.Grpc;

internal sealed partial class TrainerGrpcService
{
    public override Task<CreateTaskResponse> CreateTask(CreateTaskRequest request, ServerCallContext context)
    {
        var spec = TaskSpec.Parse(request, limits.Value);
        return log.RunAsync(
            spec.Name.Tenant,
            nameof(CreateTask),
            RequestLog.ParseId(request.RequestId),
            request,
            CreateTaskResponse.Parser,
            async () => new CreateTaskResponse { Task = await views.OfAsync(await creation.CreateAsync(spec, context.CancellationToken), context.CancellationToken) },
            context.CancellationToken);
    }

    public override async Task<GetTaskResponse> GetTask(GetTaskRequest request, ServerCallContext context)
    {
        var task = await registry.GetTaskAsync(TaskName.Parse(request.Name, "name"), context.CancellationToken);
        var counts = await registry.CountExamplesAsync(task.Name, context.CancellationToken);
        return new GetTaskResponse { Task = await views.OfAsync(task, counts, withClassNames: true, context.CancellationToken), ExamplesPerClass = { counts } };
    }

    public override async Task<ListTasksResponse> ListTasks(ListTasksRequest request, ServerCallContext context)
    {
        var page = await registry.ListTasksAsync(TenantName.Parse(request.Parent, "parent"), Page(request.PageSize, request.PageToken), context.CancellationToken);
        var tasks = await Task.WhenAll(page.Items.Select(task => views.InListAsync(task, context.CancellationToken)));
        return new ListTasksResponse { Tasks = { tasks.OfType<V1.Task>() }, NextPageToken = page.NextToken ?? "" };
    }

    public override async Task<DeleteTaskResponse> DeleteTask(DeleteTaskRequest request, ServerCallContext context)
    {
        var name = TaskName.Parse(request.Name, "name");
        var etag = request.Etag is "" ? null : request.Etag;
        // A deletion that will be refused cancels nothing.
        if (etag is null || await views.HasEtagAsync(name, etag, context.CancellationToken)) await jobs.CancelAllAsync(name, context.CancellationToken);
        await registry.DeleteTaskAsync(name, etag, context.CancellationToken);
        return new DeleteTaskResponse();
    }

    public override async Task<GetDifficultyResponse> GetDifficulty(GetDifficultyRequest request, ServerCallContext context)
    {
        var task = TaskName.Parse(request.Task, "task");
        RevisionName? revision = request.Revision is "" ? null : RevisionName.Parse(request.Revision, "revision");
        if (revision is { } named && named.Task != task) throw TaskResException.Invalid("revision", $"{named} is of another task than {task}.");
        return new GetDifficultyResponse { Difficulty = await difficulty.GetAsync(task, revision, context.CancellationToken) };
    }
}
