using System.Globalization;
using StackExchange.Redis;
using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Quotas;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Registry;

/// <summary>A task's examples: one hash with their embeddings, one with their labels.</summary>
internal sealed class ExampleStore(RegistryRedis redis, TaskStore tasks, QuotaBook quotas)
{
    // Neither a reply nor a transaction grows with the number of examples.
    private const int BatchBytes = 1 << 20;
    private const int BatchCount = 256;

    public async Task<IReadOnlyList<ExampleOutcome>> PutAsync(TaskName name, IReadOnlyList<ExampleRecord> examples, CancellationToken cancellationToken)
    {
        var raw = await tasks.ReadAsync(name, cancellationToken);
        var classCount = TaskRecords.Open(raw, name).ClassNames.Count;
        var limit = (await quotas.OfAsync(name.Tenant, cancellationToken)).ExamplesPerTask;
        var outcomes = new List<ExampleOutcome>(examples.Count);
        foreach (var batch in Batches(examples.Select(example => (example, ExampleRecords.Seal(example, classCount)))))
            outcomes.AddRange(await redis.RunAsync("put examples", database => PutBatchAsync(database, name, raw, limit, batch), cancellationToken));
        return outcomes;
    }

    public async Task<IReadOnlyList<ExampleRecord>> ReadAsync(TaskName name, CancellationToken cancellationToken)
    {
        await tasks.RequireAsync(name, cancellationToken);
        // A scan may show a field twice.
        var examples = await redis.RunAsync("read examples", async database =>
        {
            var found = new SortedDictionary<string, ExampleRecord>(StringComparer.Ordinal);
            await foreach (var entry in database.HashScanAsync(RedisKeys.Examples(name), pageSize: BatchCount).WithCancellation(cancellationToken))
                found[entry.Name!] = ExampleRecords.Open(entry.Name, entry.Value, name);
            return found;
        }, cancellationToken);
        return [.. examples.Values];
    }

    public async Task<IReadOnlyList<int>> CountAsync(TaskName name, CancellationToken cancellationToken)
    {
        var task = await tasks.GetAsync(name, cancellationToken);
        var labels = await redis.RunAsync("count examples", database => database.HashValuesAsync(RedisKeys.Labels(name)), cancellationToken);
        var counts = new int[task.ClassNames.Count];
        foreach (var label in labels)
            if (label.TryParse(out int index) && index >= 0 && index < counts.Length) counts[index]++;
            else throw StoredValue.Corrupt($"the labels of {name}", "one is not a class of the task");
        return counts;
    }

    private static async Task<ExampleOutcome[]> PutBatchAsync(IDatabase database, TaskName name, RedisValue task, int limit, List<(ExampleRecord Example, byte[] Value)> batch)
    {
        var known = await KnownAsync(database, name, batch);
        var changed = new Dictionary<RedisValue, (int ClassIndex, byte[] Value)>();
        var outcomes = new ExampleOutcome[batch.Count];
        for (var i = 0; i < batch.Count; i++)
        {
            var (example, value) = batch[i];
            outcomes[i] = known.TryGetValue(example.Digest, out var before) ? Compare(before, example) : ExampleOutcome.Added;
            if (outcomes[i] == ExampleOutcome.Unchanged) continue;
            known[example.Digest] = example;
            changed[ExampleRecords.Field(example.Digest)] = (example.ClassIndex, value);
        }

        if (changed.Count == 0) return outcomes;
        var total = await database.HashLengthAsync(RedisKeys.Examples(name)) + outcomes.Count(outcome => outcome == ExampleOutcome.Added);
        if (total > limit) throw TaskResException.OverLimit("examples", total, limit, "examples of the task");

        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(RedisKeys.Task(name), task));
        _ = transaction.HashSetAsync(RedisKeys.Examples(name), [.. changed.Select(example => new HashEntry(example.Key, example.Value.Value))]);
        _ = transaction.HashSetAsync(RedisKeys.Labels(name), [.. changed.Select(example => new HashEntry(example.Key, example.Value.ClassIndex.ToString(CultureInfo.InvariantCulture)))]);
        return await transaction.ExecuteAsync() ? outcomes : throw RegistryErrors.TaskNotFound(name);
    }

    private static async Task<Dictionary<Sha256Digest, ExampleRecord?>> KnownAsync(IDatabase database, TaskName name, List<(ExampleRecord Example, byte[] Value)> batch)
    {
        var digests = batch.Select(item => item.Example.Digest).Distinct().ToArray();
        var values = await database.HashGetAsync(RedisKeys.Examples(name), Array.ConvertAll(digests, ExampleRecords.Field));
        return digests.Zip(values).Where(entry => !entry.Second.IsNull)
            .ToDictionary(entry => entry.First, entry => OpenOrNull(entry.First, entry.Second, name));
    }

    // A damaged example is healed by putting it again.
    private static ExampleRecord? OpenOrNull(Sha256Digest digest, RedisValue value, TaskName name)
    {
        try
        {
            return ExampleRecords.Open(ExampleRecords.Field(digest), value, name);
        }
        catch (TaskResException)
        {
            return null;
        }
    }

    private static ExampleOutcome Compare(ExampleRecord? before, ExampleRecord example) =>
        before is not null && before.ClassIndex == example.ClassIndex && before.Views.Count >= example.Views.Count
            ? ExampleOutcome.Unchanged
            : ExampleOutcome.Replaced;

    private static IEnumerable<List<(ExampleRecord Example, byte[] Value)>> Batches(IEnumerable<(ExampleRecord Example, byte[] Value)> examples)
    {
        var (batch, bytes) = (new List<(ExampleRecord, byte[])>(), 0);
        foreach (var example in examples)
        {
            if (batch.Count > 0 && (bytes + example.Value.Length > BatchBytes || batch.Count == BatchCount))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(example);
            bytes += example.Value.Length;
        }

        if (batch.Count > 0) yield return batch;
    }
}
