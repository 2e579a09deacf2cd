using System.Collections.Concurrent;
using TaskRes.Client;
using TaskRes.Trials.Processes;

namespace TaskRes.Trials.Answers;

/// <summary>A caller who asks the classifiers about tasks that others make, through outages, and has every answer checked.</summary>
internal static class AnswerReader
{
    /// <param name="shared">The tasks to ask about; it may grow.</param>
    public static async Task AskAsync(
        SeparateServices services, IReadOnlyList<byte[]> images, ConcurrentQueue<string> shared, ReferenceAnswers answers, TrialTally tally, Random random, CancellationToken end)
    {
        using var client = SeparateServices.Client(services.Classifiers, "tenants/reader");
        while (!end.IsCancellationRequested)
        {
            // Gentle enough to leave the writers their processors.
            await Task.Delay(10, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (shared.IsEmpty) continue;
            var (task, image) = (shared.ElementAt(random.Next(shared.Count)), random.Next(images.Count));
            try
            {
                answers.Check(task, image, await client.Classification.ClassifyAsync(task, images[image], new ClassifyOptions { TopK = images.Count }, CancellationToken.None));
            }
            catch (TaskResClientException error) when (Outages.IsOutage(error))
            {
                tally.Count("callsDuringOutage");
            }
            catch (TaskResClientException error)
            {
                tally.Fault($"{task} was refused: {error.Reason}: {error.Message}");
            }
        }
    }
}
