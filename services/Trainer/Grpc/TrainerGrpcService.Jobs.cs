using Grpc.Core;
using TaskRes.Core;
using TaskRes.Platform.Access;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Jobs;
using TaskRes.Trainer.Requests;
using TaskRes.Trainer.Training;
using TaskRes.V1;
using JobState = TaskRes.Trainer.Jobs.JobState;
using PromotionPolicy = TaskRes.Trainer.Jobs.PromotionPolicy;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trainer.Grpc;

internal sealed partial class TrainerGrpcService
{
    public override async Task<TrainTaskResponse> TrainTask(TrainTaskRequest request, ServerCallContext context)
    {
        var task = TaskName.Parse(request.Task, "task");
        var order = new JobOrder(WireSettings.Parse(request.Settings), Promotion(request.Promotion), await WarmStartAsync(request.WarmStart, task, context));
        var requestId = RequestLog.ParseId(request.RequestId);
        return await log.RunAsync(
            task.Tenant,
            nameof(TrainTask),
            requestId,
            request,
            TrainTaskResponse.Parser,
            async () => new TrainTaskResponse { Job = JobViews.Of(await jobs.QueueAsync(task, requestId ?? Guid.NewGuid(), order, context.CancellationToken)) },
            context.CancellationToken);
    }

    public override async Task<GetJobResponse> GetJob(GetJobRequest request, ServerCallContext context) =>
        new() { Job = JobViews.Of(await jobs.GetAsync(JobName.Parse(request.Name, "name"), context.CancellationToken)) };

    public override async Task<ListJobsResponse> ListJobs(ListJobsRequest request, ServerCallContext context)
    {
        var page = await jobs.ListAsync(TaskName.Parse(request.Parent, "parent"), State(request.State), Page(request.PageSize, request.PageToken), context.CancellationToken);
        return new ListJobsResponse { Jobs = { page.Items.Select(JobViews.InList) }, NextPageToken = page.NextToken ?? "" };
    }

    public override async Task WatchJob(WatchJobRequest request, IServerStreamWriter<WatchJobResponse> responseStream, ServerCallContext context)
    {
        await foreach (var job in jobs.WatchAsync(JobName.Parse(request.Name, "name"), context.CancellationToken))
            await responseStream.WriteAsync(new WatchJobResponse { Job = JobViews.Of(job) }, context.CancellationToken);
    }

    public override async Task<CancelJobResponse> CancelJob(CancelJobRequest request, ServerCallContext context) =>
        new() { Job = JobViews.Of(await jobs.CancelAsync(JobName.Parse(request.Name, "name"), context.CancellationToken)) };

    // A second resource in the message, and of the same tenant even where the caller is the operator.
    private async Task<RevisionName?> WarmStartAsync(string name, TaskName task, ServerCallContext context)
    {
        if (name is "") return null;
        var revision = RevisionName.Parse(name, "warm_start");
        await CallAccess.Of(context).RequireAsync(name, context.CancellationToken);
        if (revision.Task.Tenant != task.Tenant) throw TaskResException.Invalid("warm_start", $"{revision} is of another tenant than {task}.");
        return (await registry.GetRevisionAsync(revision, context.CancellationToken)).Name;
    }

    private static JobState? State(V1.JobState state) => state switch
    {
        V1.JobState.Unspecified => null,
        >= V1.JobState.Queued and <= V1.JobState.Cancelled => (JobState)state,
        _ => throw TaskResException.Invalid("state", $"{(int)state} is no state: give queued, running, succeeded, failed or cancelled, or none for all."),
    };

    private static PromotionPolicy Promotion(V1.PromotionPolicy policy) => policy switch
    {
        V1.PromotionPolicy.Unspecified or V1.PromotionPolicy.OnSuccess => PromotionPolicy.OnSuccess,
        V1.PromotionPolicy.Manual => PromotionPolicy.Manual,
        V1.PromotionPolicy.IfImproved => PromotionPolicy.IfImproved,
        V1.PromotionPolicy.Always => PromotionPolicy.Always,
        _ => throw TaskResException.Invalid("promotion", $"{(int)policy} is no policy: give on success, manual, if improved or always."),
    };
}
