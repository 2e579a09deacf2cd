using System.Collections.Concurrent;
using TaskRes.Client;
using TaskRes.Trials.Answers;
using TaskRes.Trials.Ledger;
using TaskRes.Trials.Processes;
using TaskRes.Trials.Soak;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trials.Churn;

/// <summary>
/// Tasks of many tenants are trained, promoted, rolled back, evicted and deleted while others classify with them. Every reply is
/// compared with the answer of the revision that it names; class names carry their tenant's name, so that an answer of another shows.
/// </summary>
internal static class ChurnTrial
{
    private const int Writers = 3;
    private const int Readers = 3;
    private const int ImageCount = 16;
    private const int ExamplesPerTask = 4;

    // So many tasks share a place in the classifier's memory: they are evicted and loaded again all the time.
    private const int TasksPerPlace = 4;

    public static Task<TrialReport> RunAsync(int seed, int tenants, int tasksPerTenant, CancellationToken cancellationToken) =>
        TrialTally.RunAsync("churn", seed, tally => RunAsync(seed, tenants, tasksPerTenant, tally, cancellationToken));

    private static async Task<bool> RunAsync(int seed, int tenants, int tasksPerTenant, TrialTally tally, CancellationToken cancellationToken)
    {
        using var services = new SeparateServices($"--Classifier:MaxTasks={tenants * tasksPerTenant / TasksPerPlace}");
        await services.StartAsync(cancellationToken);
        var images = TrialImages.Make(ImageCount, seed);
        using var encoder = SeparateServices.Client(services.Encoder, "tenants/reference");
        var answers = await ReferenceAnswers.CreateAsync(encoder, images, tally, cancellationToken);

        var asked = new ConcurrentQueue<string>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.WhenAll(Enumerable.Range(0, Readers).Select(reader => AskAsync(services, images, asked, answers, tally, new Random(seed + reader), end.Token)));
        // A tenant's first tasks before anybody's second.
        var all = Enumerable.Range(0, tasksPerTenant).SelectMany(task => Enumerable.Range(0, tenants).Select(tenant => (Tenant: $"tenant-{tenant}", Task: $"task-{task}")));
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellationToken }, async (task, token) =>
        {
            using var client = SeparateServices.Client(services.Trainer, $"tenants/{task.Tenant}");
            await ChangeAsync(client, task.Task, images, asked, answers, tally, token);
        });
        await end.CancelAsync();
        await reading;
        answers.Finish();
        // One that has answered and is not in memory was evicted, where it was not deleted.
        tally.Count("residentAtTheEnd", await ResidentAsync(services, cancellationToken));
        tally.Count("evictedAtTheEnd", answers.TasksAnswered - tally.Of("deletions") - tally.Of("residentAtTheEnd"));
        return tally.Of("tasks") == tenants * tasksPerTenant && tally.Of("answersAsReference") > 0 && tally.Of("residentAtTheEnd") > 0 && tally.Of("evictedAtTheEnd") > 0;
    }

    private static async Task<int> ResidentAsync(SeparateServices services, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync($"http://127.0.0.1:{services.Classifier.WebPort}/metrics", cancellationToken);
        return (int)ProcessSampler.Sum(metrics, "taskres_classifier_resident_tasks");
    }

    private static async Task ChangeAsync(
        TaskResClient trainer, string id, IReadOnlyList<byte[]> images, ConcurrentQueue<string> asked, ReferenceAnswers answers, TrialTally tally, CancellationToken cancellationToken)
    {
        var task = $"{trainer.Options.TenantName}/tasks/{id}";
        string[] classes = [.. new[] { "even", "odd" }.Select(name => $"{name} of {trainer.Options.TenantName} {id}")];
        await answers.LearnAsync(trainer, (await trainer.Tasks.CreateAsync(new CreateTaskOptions { TaskId = id, ClassNames = classes }, cancellationToken)).LiveRevision, cancellationToken);
        asked.Enqueue(task);
        tally.Count("tasks");
        for (var example = 0; example < ExamplesPerTask; example++)
            await LedgerAudit.AddAsync(trainer, task, new LabelledImage(classes[example % 2], images[example]), cancellationToken);

        await TrainAsync(trainer, task, 1, PromotionPolicy.OnSuccess, answers, tally, cancellationToken);
        await trainer.Revisions.PromoteAsync(await TrainAsync(trainer, task, 2, PromotionPolicy.Manual, answers, tally, cancellationToken), cancellationToken: cancellationToken);
        tally.Count("promotions");
        await trainer.Revisions.RollbackAsync(task, cancellationToken: cancellationToken);
        tally.Count("rollbacks");
        if (int.Parse(id.AsSpan(id.LastIndexOf('-') + 1)) % 2 == 0) return;

        // Every second one goes and is made anew under its name, with its classes in another order.
        await trainer.Tasks.DeleteAsync(task, cancellationToken: cancellationToken);
        tally.Count("deletions");
        var anew = await trainer.Tasks.CreateAsync(new CreateTaskOptions { TaskId = id, ClassNames = [.. classes.Reverse()] }, cancellationToken);
        await answers.LearnAsync(trainer, anew.LiveRevision, cancellationToken);
        tally.Count("recreations");
    }

    private static async Task<string> TrainAsync(
        TaskResClient trainer, string task, int seed, PromotionPolicy promotion, ReferenceAnswers answers, TrialTally tally, CancellationToken cancellationToken)
    {
        var job = await trainer.Training.TrainAsync(new TrainOptions { Task = task, Promotion = promotion, Settings = new TrainingSettings { Epochs = 5, Seed = seed } }, cancellationToken);
        await foreach (var state in trainer.Training.WatchJobAsync(job.Name, cancellationToken)) job = state;
        if (job.State != JobState.Succeeded) throw new InvalidOperationException($"{job.Name} ended as {job.State}: {job.Error}");
        tally.Count("trainings");
        await answers.LearnAsync(trainer, job.Revision, cancellationToken);
        return job.Revision;
    }

    private static async Task AskAsync(
        SeparateServices services, IReadOnlyList<byte[]> images, ConcurrentQueue<string> asked, ReferenceAnswers answers, TrialTally tally, Random random, CancellationToken end)
    {
        using var client = SeparateServices.Client(services.Classifier, "tenants/reader");
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(5, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (asked.IsEmpty) continue;
            var (task, image) = (asked.ElementAt(random.Next(asked.Count)), random.Next(images.Count));
            try
            {
                answers.Check(task, image, await client.Classification.ClassifyAsync(task, images[image], new ClassifyOptions { TopK = images.Count }, CancellationToken.None));
            }
            catch (TaskResClientException error) when (error.Reason is ErrorReason.TaskNotFound or ErrorReason.NoLiveRevision or ErrorReason.RevisionNotFound)
            {
                tally.Count("askedWhileDeleted");
            }
            catch (TaskResClientException error)
            {
                tally.Fault($"{task} was refused: {error.Reason}: {error.Message}");
            }
        }
    }
}
