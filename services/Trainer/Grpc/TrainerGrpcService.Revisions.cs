using Grpc.Core;
using TaskRes.Core;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Requests;
using TaskRes.Trainer.Revisions;
using TaskRes.Trainer.Tasks;
using TaskRes.Trainer.Training;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trainer.Grpc;

internal sealed partial class TrainerGrpcService
{
    public override async Task<GetRevisionResponse> GetRevision(GetRevisionRequest request, ServerCallContext context)
    {
        var revision = await registry.GetRevisionAsync(RevisionName.Parse(request.Name, "name"), context.CancellationToken);
        var serving = await registry.GetServingAsync(revision.Name.Task, context.CancellationToken);
        return new GetRevisionResponse { Revision = RevisionViews.Of(revision, serving.Live) };
    }

    public override async Task<ListRevisionsResponse> ListRevisions(ListRevisionsRequest request, ServerCallContext context)
    {
        var task = TaskName.Parse(request.Parent, "parent");
        var page = await registry.ListRevisionsAsync(task, Page(request.PageSize, request.PageToken), context.CancellationToken);
        var serving = await registry.GetServingAsync(task, context.CancellationToken);
        return new ListRevisionsResponse { Revisions = { page.Items.Select(revision => RevisionViews.Of(revision, serving.Live)) }, NextPageToken = page.NextToken ?? "" };
    }

    public override async Task<PromoteRevisionResponse> PromoteRevision(PromoteRevisionRequest request, ServerCallContext context)
    {
        var name = RevisionName.Parse(request.Name, "name");
        if (!request.Force) PromotionGate.Require(await registry.GetRevisionAsync(name, context.CancellationToken));
        await registry.PromoteAsync(name, Expected(request.ExpectedLiveRevision, request.Etag, name.Task), context.CancellationToken);
        return new PromoteRevisionResponse { Task = await ViewAsync(name.Task, context.CancellationToken) };
    }

    public override Task<RollbackTaskResponse> RollbackTask(RollbackTaskRequest request, ServerCallContext context)
    {
        var name = TaskName.Parse(request.Name, "name");
        var expected = Expected(request.ExpectedLiveRevision, request.Etag, name);
        var requestId = RequestLog.ParseId(request.RequestId);
        return log.RunAsync(
            name.Tenant,
            nameof(RollbackTask),
            requestId,
            request,
            RollbackTaskResponse.Parser,
            async () =>
            {
                await registry.RollbackAsync(name, expected, requestId, context.CancellationToken);
                return new RollbackTaskResponse { Task = await ViewAsync(name, context.CancellationToken) };
            },
            context.CancellationToken);
    }

    public override async Task<SetRolloutResponse> SetRollout(SetRolloutRequest request, ServerCallContext context)
    {
        var name = TaskName.Parse(request.Task, "task");
        await registry.SetRolloutAsync(name, WireRollout.Parse(request.Rollout, name), Expected("", request.Etag, name), context.CancellationToken);
        return new SetRolloutResponse { Task = await ViewAsync(name, context.CancellationToken) };
    }

    public override Task ExportRevision(ExportRevisionRequest request, IServerStreamWriter<ExportRevisionResponse> responseStream, ServerCallContext context) =>
        transfer.ExportAsync(RevisionName.Parse(request.Name, "name"), responseStream, context.CancellationToken);

    public override async Task<ImportRevisionResponse> ImportRevision(IAsyncStreamReader<ImportRevisionRequest> requestStream, ServerCallContext context)
    {
        var revision = await transfer.ImportAsync(requestStream, context.CancellationToken);
        var serving = await registry.GetServingAsync(revision.Name.Task, context.CancellationToken);
        return new ImportRevisionResponse { Revision = RevisionViews.Of(revision, serving.Live) };
    }

    private async Task<V1.Task> ViewAsync(TaskName name, CancellationToken cancellationToken) =>
        await views.OfAsync(await registry.GetTaskAsync(name, cancellationToken), cancellationToken);

    private static ServingExpectation Expected(string live, string etag, TaskName task) => new(ExpectedLive(live, task), etag is "" ? null : etag);

    private static RevisionName? ExpectedLive(string name, TaskName task)
    {
        if (name is "") return null;
        var expected = RevisionName.Parse(name, "expected_live_revision");
        return expected.Task == task ? expected : throw TaskResException.Invalid("expected_live_revision", $"{expected} is of another task than {task}.");
    }
}
