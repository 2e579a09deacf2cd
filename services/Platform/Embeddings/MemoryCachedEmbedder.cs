using System.Diagnostics;
using TaskRes.Core;
using TaskRes.Platform.Telemetry;
using TaskRes.Platform.Usage;

namespace TaskRes.Platform.Embeddings;

/// <summary>The tier in memory. Of identical inputs that are asked at the same time, one travels on and the others wait for it.</summary>
internal sealed class MemoryCachedEmbedder(IEmbedder inner, EmbeddingScopes scopes, MemoryCacheOptions options, UsageLedger usage, TimeProvider time) : IEmbedder
{
    private EmbeddingMemory? _current;

    public ValueTask<EncoderModel> GetModelAsync(CancellationToken cancellationToken) => inner.GetModelAsync(cancellationToken);

    public async Task<EmbeddingBatch> EmbedAsync(EmbeddingCaller caller, IReadOnlyList<EmbeddingInput> inputs, CancellationToken cancellationToken)
    {
        var memory = MemoryOf(await inner.GetModelAsync(cancellationToken));
        var scope = await scopes.OfAsync(caller.Tenant, cancellationToken);
        // The usual call needs none of the lists below.
        var batch = inputs is [var single] && memory.Find(EmbeddingMemory.Key.Of(scope, single)) is { } known
            ? new EmbeddingBatch([known], StageTimes.Zero)
            : await EmbedAsync(memory, scope, caller, inputs, cancellationToken);
        RpcMetrics.RecordEmbeddings(caller.Tenant, batch.Results);
        if (!caller.IsRelayed) usage.Add(caller.Tenant, batch.Results);
        return batch;
    }

    private async Task<EmbeddingBatch> EmbedAsync(
        EmbeddingMemory memory, EmbeddingScope scope, EmbeddingCaller caller, IReadOnlyList<EmbeddingInput> inputs, CancellationToken cancellationToken)
    {
        var keys = inputs.Select(input => EmbeddingMemory.Key.Of(scope, input)).ToArray();
        var results = new EmbeddingResult?[inputs.Count];
        var times = StageTimes.Zero;
        for (var pending = Enumerable.Range(0, inputs.Count).ToList(); pending.Count > 0;)
        {
            var (own, others) = Look(memory, keys, pending, results);
            var flown = await FlyAsync(memory, own.ConvertAll(index => keys[index]), caller, own.ConvertAll(index => inputs[index]), cancellationToken);
            foreach (var (index, result) in own.Zip(flown.Results)) results[index] = result;
            times = times.Beside(flown.Times);

            pending.Clear();
            foreach (var (index, flight) in others)
            {
                if (await flight.WaitAsync(cancellationToken) is { } landed && !MustAskItself(landed.Result, inputs[index]))
                    (results[index], times) = (landed.Result, times.Beside(landed.Times));
                else
                    pending.Add(index);
            }
        }

        return new EmbeddingBatch(results!, times);
    }

    private EmbeddingMemory MemoryOf(EncoderModel model)
    {
        var memory = Volatile.Read(ref _current);
        if (memory?.Model == model) return memory;
        var fresh = new EmbeddingMemory(model, options, time);
        var found = Interlocked.CompareExchange(ref _current, fresh, memory);
        return found == memory ? fresh : found!.Model == model ? found : fresh;
    }

    private static (List<int> Own, List<(int Index, Task<EmbeddingMemory.Flight?> Flight)> Others) Look(
        EmbeddingMemory memory, EmbeddingMemory.Key[] keys, List<int> pending, EmbeddingResult?[] results)
    {
        var (own, others) = (new List<int>(), new List<(int, Task<EmbeddingMemory.Flight?>)>());
        foreach (var index in pending)
        {
            if (memory.Find(keys[index]) is { } known) results[index] = known;
            else if (memory.TakeOff(keys[index], out var flight)) own.Add(index);
            else others.Add((index, flight));
        }

        return (own, others);
    }

    // Every flight that was taken off lands or crashes here, whatever happens.
    private async Task<EmbeddingBatch> FlyAsync(
        EmbeddingMemory memory, List<EmbeddingMemory.Key> keys, EmbeddingCaller caller, List<EmbeddingInput> inputs, CancellationToken cancellationToken)
    {
        if (keys.Count == 0) return new EmbeddingBatch([], StageTimes.Zero);
        try
        {
            var batch = await inner.EmbedAsync(caller, inputs, cancellationToken);
            Debug.Assert(batch.Results.Count == keys.Count, "One result an input is the contract of an embedder.");
            if (await inner.GetModelAsync(cancellationToken) != memory.Model) throw EmbeddingErrors.EncoderChanged();
            foreach (var (key, result) in keys.Zip(batch.Results)) memory.Land(key, new EmbeddingMemory.Flight(result, batch.Times));
            return batch;
        }
        catch (TaskResException exception) when (!IsOfTheCaller(exception.Reason))
        {
            keys.ForEach(key => memory.Crash(key, exception));
            throw;
        }
        catch
        {
            // This caller went away, or failed in a way of its own: those who wait are not to fail with it.
            keys.ForEach(key => memory.Land(key, null));
            throw;
        }
    }

    // Its deadline, its share of the encoder's queue and its quota are of no concern to others who ask for the same.
    private static bool IsOfTheCaller(ErrorReason reason) =>
        reason is ErrorReason.Cancelled or ErrorReason.DeadlineExceeded or ErrorReason.QueueFull or ErrorReason.QuotaExceeded;

    // The other had only the digest, and this one has the bytes; or it was over a quota of its own.
    private static bool MustAskItself(EmbeddingResult result, EmbeddingInput input) =>
        result.Error?.Reason is { } reason
        && (IsOfTheCaller(reason) || (reason == ErrorReason.ImageBytesRequired && input is not ImageInput { Content.IsEmpty: true }));
}
