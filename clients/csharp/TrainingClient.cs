using TaskRes.Client.Calls;
using TaskRes.V1;

namespace TaskRes.Client;

/// <summary>Uploads examples, queues training jobs, and follows them. A job is given by its full name <c>tenants/{tenant}/tasks/{task}/jobs/{job}</c>.</summary>
public sealed class TrainingClient
{
    private readonly RpcCaller _rpc;
    private readonly TrainerService.TrainerServiceClient _trainer;

    internal TrainingClient(RpcCaller rpc, TrainerService.TrainerServiceClient trainer)
    {
        _rpc = rpc;
        _trainer = trainer;
    }

    /// <summary>
    /// Uploads examples, some hundreds at a time: all but small images by digest first, and their bytes where the server asks for
    /// them. One that fails is in the answer's errors, under the number of its place in <paramref name="examples"/>; the others are
    /// taken. The same examples again change nothing, and travel as digests alone while the server knows their embeddings.
    /// </summary>
    public Task<AddExamplesResponse> AddExamplesAsync(
        AddExamplesOptions options, IAsyncEnumerable<LabelledImage> examples, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(examples);
        return new ExampleUpload(_rpc, _trainer, options).RunAsync(examples, cancellationToken);
    }

    /// <summary>Queues a job on the examples that the task has now.</summary>
    public async Task<Job> TrainAsync(TrainOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var request = new TrainTaskRequest
        {
            Task = _rpc.TaskName(options.Task),
            Settings = options.Settings,
            Promotion = options.Promotion,
            WarmStart = options.WarmStart ?? "",
            RequestId = Guid.NewGuid().ToString(),
        };
        return (await _rpc.UnaryAsync(_trainer.TrainTaskAsync, request, cancellationToken).ConfigureAwait(false)).Job;
    }

    /// <summary>The job as it is now.</summary>
    public async Task<Job> GetJobAsync(string job, CancellationToken cancellationToken = default) =>
        (await _rpc.UnaryAsync(_trainer.GetJobAsync, new GetJobRequest { Name = job }, cancellationToken).ConfigureAwait(false)).Job;

    /// <summary>A task's jobs, newest first, read page by page; without the courses of their progress.</summary>
    /// <param name="task">Its id or full name.</param>
    /// <param name="options">Null for all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public IAsyncEnumerable<Job> ListJobsAsync(string task, ListJobsOptions? options = null, CancellationToken cancellationToken = default) =>
        Pages.ReadAsync(
            async (token, cancel) =>
            {
                var request = new ListJobsRequest { Parent = _rpc.TaskName(task), State = options?.State ?? JobState.Unspecified, PageToken = token };
                var page = await _rpc.UnaryAsync(_trainer.ListJobsAsync, request, cancel).ConfigureAwait(false);
                return ((IReadOnlyList<Job>)page.Jobs, page.NextPageToken);
            },
            cancellationToken);

    /// <summary>Asks the job to stop; a job that has ended stays as it is.</summary>
    public async Task<Job> CancelJobAsync(string job, CancellationToken cancellationToken = default) =>
        (await _rpc.UnaryAsync(_trainer.CancelJobAsync, new CancelJobRequest { Name = job }, cancellationToken).ConfigureAwait(false)).Job;

    /// <summary>
    /// The job now, then at every change, up to its final state. A watch that breaks because the server went away is
    /// taken up again; it fails after <see cref="TaskResClientOptions.MaxAttempts"/> tries without news.
    /// </summary>
    public IAsyncEnumerable<Job> WatchJobAsync(string job, CancellationToken cancellationToken = default) =>
        new JobWatch(_rpc, _trainer, job).ReadAsync(cancellationToken);
}
