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
    /// <summary>Follows it with a bar. Whoever stops watching is told how to go on.</summary>
    /// <returns>The job that succeeded.</returns>
    /// <exception cref="TaskResException">The reason for which the job failed; Cancelled where somebody cancelled it.</exception>
    public static async Task<Job> FollowAsync(TaskResClient client, Screen screen, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await screen.ProgressAsync("waiting for a trainer", progress => FollowAsync(client, name, progress, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            Screen.Note($"The job goes on. Follow it with: taskres watch {name}");
            throw;
        }
    }

    /// <inheritdoc cref="FollowAsync(TaskResClient, Screen, string, CancellationToken)"/>
    public static async Task<Job> FollowAsync(TaskResClient client, string name, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var last = new Job();
        await foreach (var job in client.Training.WatchJobAsync(name, cancellationToken))
        {
            last = job;
            if (job.Progress is { Epochs: > 0 } at)
                progress.Report(new Step(at.Epoch, at.Epochs, string.Create(CultureInfo.InvariantCulture, $"epoch {at.Epoch}/{at.Epochs}, loss {at.Loss:0.0000}{Left(at)}")));
        }

        return last.State switch
        {
            JobState.Succeeded => last,
            JobState.Cancelled => throw new TaskResException(Core.ErrorReason.Cancelled, $"{name} was cancelled."),
            _ => throw ItemErrors.Exception(last.Error, $"{name} failed"),
        };
    }

    private static string Left(JobProgress at) => at.Remaining?.ToTimeSpan() switch
    {
        null => "",
        { TotalSeconds: < 100 } left => string.Create(CultureInfo.InvariantCulture, $", {Math.Ceiling(left.TotalSeconds)} s left"),
        { TotalMinutes: < 100 } left => string.Create(CultureInfo.InvariantCulture, $", {Math.Ceiling(left.TotalMinutes)} min left"),
        { } left => string.Create(CultureInfo.InvariantCulture, $", {Math.Ceiling(left.TotalHours)} h left"),
    };
}
