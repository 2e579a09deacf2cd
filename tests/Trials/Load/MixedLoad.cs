using System.Runtime.CompilerServices;
using TaskRes.Client;
using TaskRes.Trials.Answers;
using TaskRes.Trials.Processes;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trials.Load;

/// <summary>
/// Everything at once, through the SDK and nothing but its own retries: a call that fails is a fault, and so is an answer that
/// is not that of the revision which it names.
/// </summary>
internal sealed class MixedLoad : IDisposable
{
    private const int ImageCount = 16;
    private const int StandingTasks = 3;
    private const int ItemsPerStream = 200;

    private static readonly string[] Classes = ["even", "odd"];

    private readonly TaskResClient _encoder;
    private readonly TaskResClient _trainer;
    private readonly TaskResClient _classifier;
    private readonly IReadOnlyList<byte[]> _images;
    private readonly int _seed;
    private readonly TrialTally _tally;
    private long _calls;

    public MixedLoad(SeparateServices services, int seed, TrialTally tally)
    {
        (_seed, _tally, _images) = (seed, tally, TrialImages.Make(ImageCount, seed));
        _encoder = SeparateServices.Client(services.Encoders, "tenants/load");
        _trainer = SeparateServices.Client(services.Trainers, "tenants/load");
        _classifier = SeparateServices.Client(services.Classifiers, "tenants/load");
    }

    /// <summary>Calls that have ended, items of streams among them.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Makes the tasks that stay, then loads all services until the end; the stories under way are told to theirs.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        var answers = await ReferenceAnswers.CreateAsync(_encoder, _images, _tally, end);
        for (var number = 0; number < StandingTasks; number++) await MakeAsync($"standing-{number}", answers);
        await Task.WhenAll(
            RepeatAsync(number => ClassifyAsync(new Random(HashCode.Combine(_seed, number)), answers), pause: 5, end),
            RepeatAsync(number => ClassifyAsync(new Random(HashCode.Combine(_seed, number, 1)), answers), pause: 5, end),
            RepeatAsync(number => EncodeAsync(number, end), pause: 5, end),
            RepeatAsync(number => ServeAsync($"standing-{number % StandingTasks}", number, answers), pause: 200, end),
            RepeatAsync(number => MakeAndDeleteAsync($"passing-{number}", answers), pause: 200, end));
        answers.Finish();
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _trainer.Dispose();
        _classifier.Dispose();
    }

    private static async Task RepeatAsync(Func<int, Task> story, int pause, CancellationToken end)
    {
        for (var number = 0; !end.IsCancellationRequested; number++)
        {
            try
            {
                await story(number);
            }
            catch (TaskResClientException)
            {
                // Told where the call was made. The next story begins.
            }

            await Task.Delay(pause, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ClassifyAsync(Random random, ReferenceAnswers answers)
    {
        var (task, image) = ($"tenants/load/tasks/standing-{random.Next(StandingTasks)}", random.Next(ImageCount));
        answers.Check(task, image, await CallAsync("classifications", () => _classifier.Classification.ClassifyAsync(task, _images[image], new ClassifyOptions { TopK = Classes.Length })));
    }

    // Images that nobody has sent before, as long as the stream may live.
    private async Task EncodeAsync(int number, CancellationToken end)
    {
        var answered = await CallAsync("encodeStreams", async () =>
        {
            var count = 0;
            await foreach (var answer in _encoder.Encoding.EncodeImageStreamAsync(FreshAsync(number, end)))
            {
                if (answer.Result.Error is { } error) _tally.Fault($"an image of a stream was refused: {error}");
                Interlocked.Increment(ref _calls);
                count++;
            }

            return count;
        });
        _tally.Count("encodedItems", answered);
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> FreshAsync(int stream, [EnumeratorCancellation] CancellationToken end)
    {
        for (var item = 0; item < ItemsPerStream && !end.IsCancellationRequested; item++)
        {
            yield return TrialImages.Make(1, HashCode.Combine(_seed, stream, item))[0];
            await Task.Delay(20, CancellationToken.None);
        }
    }

    // The same two revisions in turn: what the registry holds does not grow.
    private async Task ServeAsync(string id, int number, ReferenceAnswers answers)
    {
        var trained = await TrainAsync(id, seed: number / StandingTasks % 2, PromotionPolicy.OnSuccess, answers);
        if (trained is null) return;
        await CallAsync("rollbacks", () => _trainer.Revisions.RollbackAsync(id));
        await CallAsync("promotions", () => _trainer.Revisions.PromoteAsync(trained));
    }

    private async Task MakeAsync(string id, ReferenceAnswers answers)
    {
        var made = await CallAsync("creations", () => _trainer.Tasks.CreateAsync(new CreateTaskOptions { TaskId = id, ClassNames = Classes }));
        await answers.LearnAsync(_trainer, made.LiveRevision, CancellationToken.None);
        var examples = _images.Take(4).Select((image, index) => new LabelledImage(Classes[index % 2], image)).ToAsyncEnumerable();
        var added = await CallAsync("uploads", () => _trainer.Training.AddExamplesAsync(new AddExamplesOptions { Task = id }, examples));
        if (added.Failed > 0) _tally.Fault($"examples of {id} were refused: {added.Errors}");
    }

    private async Task MakeAndDeleteAsync(string id, ReferenceAnswers answers)
    {
        await MakeAsync(id, answers);
        if (await TrainAsync(id, seed: 1, PromotionPolicy.Manual, answers) is { } trained)
            await CallAsync("promotions", () => _trainer.Revisions.PromoteAsync(trained));
        await CallAsync("deletions", async () =>
        {
            await _trainer.Tasks.DeleteAsync(id);
            return true;
        });
    }

    // Null where the job did not succeed, which is a fault.
    private async Task<string?> TrainAsync(string id, int seed, PromotionPolicy promotion, ReferenceAnswers answers)
    {
        var job = await CallAsync("trainings", () => _trainer.Training.TrainAsync(
            new TrainOptions { Task = id, Promotion = promotion, Settings = new TrainingSettings { Epochs = 5, Seed = seed } }));
        job = await CallAsync("watches", async () => await _trainer.Training.WatchJobAsync(job.Name).LastAsync());
        if (job.State != JobState.Succeeded)
        {
            _tally.Fault($"{job.Name} ended as {job.State}: {job.Error}");
            return null;
        }

        await answers.LearnAsync(_trainer, job.Revision, CancellationToken.None);
        return job.Revision;
    }

    private async Task<T> CallAsync<T>(string what, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (TaskResClientException error)
        {
            _tally.Count("callsFailed");
            _tally.Fault($"{what}: {error.StatusCode}, {error.Reason}: {error.Message}");
            throw;
        }
        finally
        {
            _tally.Count(what);
            Interlocked.Increment(ref _calls);
        }
    }
}
