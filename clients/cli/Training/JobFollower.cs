using System.Globalization;
using TaskRes.Cli.Errors;
using TaskRes.Cli.Output;
using TaskRes.Client;
using TaskRes.Core;
using TaskRes.V1;

namespace TaskRes.Cli.Training;

/// <summary>Follows a job to its end with its loss in view.</summary>
internal static class JobFollower
{
    /// <returns>The job that succeeded.</returns>
    /// <exception cref="TaskResException">The reason for which the job failed; Cancelled where somebody cancelled it.</exception>
    public static async Task<Job> FollowAsync(TaskResClient client, Screen screen, string name, CancellationToken cancellationToken)
    {
        var job = await screen.ProgressAsync("waiting for a trainer", progress => WatchAsync(client, name, progress, cancellationToken));
        return job.State switch
        {
            JobState.Succeeded => job,
            JobState.Cancelled => throw new TaskResException(Core.ErrorReason.Cancelled, $"{name} was cancelled."),
            _ => throw ItemErrors.Exception(job.Error, $"{name} failed"),
        };
    }

    private static async Task<Job> WatchAsync(TaskResClient client, string name, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var last = new Job();
        try
        {
            await foreach (var job in client.Training.WatchJobAsync(name, cancellationToken))
            {
                last = job;
                if (job.Progress is { Epochs: > 0 } at)
                    progress.Report(new Step(at.Epoch, at.Epochs, string.Create(CultureInfo.InvariantCulture, $"epoch {at.Epoch}/{at.Epochs}, loss {at.Loss:0.0000}")));
            }
        }
        catch (OperationCanceledException)
        {
            Screen.Note($"The job goes on. Follow it with: taskres watch {name}");
            throw;
        }

        return last;
    }
}
