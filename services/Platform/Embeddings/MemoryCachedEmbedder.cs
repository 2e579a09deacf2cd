using System.Diagnostics;
using TaskRes.Core;
using TaskRes.Platform.Resources;
using TaskRes.Platform.Telemetry;

namespace TaskRes.Platform.Embeddings;

/// <summary>The tier in memory. Of identical inputs that are asked at the same time, one travels on and the others wait for it.</summary>
internal sealed class MemoryCachedEmbedder(IEmbedder inner, MemoryCacheOptions options) : IEmbedder
{
    private EmbeddingMemory? current;

    public ValueTask<EncoderModel> GetModelAsync(CancellationToken cancellationToken) => inner.GetModelAsync(cancellationToken);

    public async Task<EmbeddingBatch> EmbedAsync(TenantName tenant, IReadOnlyList<EmbeddingInput> inputs, CancellationToken cancellationToken)
    {
        var memory = MemoryOf(await inner.GetModelAsync(cancellationToken));
        var results = new EmbeddingResult?[inputs.Count];
        var times = StageTimes.Zero;
        for (var pending = Enumerable.Range(0, inputs.Count).ToList(); pending.Count > 0;)
        {
            var (own, others) = Look(memory, tenant, inputs, pending, results);
            times = times.Beside(await FlyAsync(memory, tenant, inputs, own, results, cancellationToken));

            pending.Clear();
            foreach (var (index, flight) in others)
            {
                if (await flight.WaitAsync(cancellationToken) is { } landed && !MustAskItself(landed.Result, inputs[index]))
                    (results[index], times) = (landed.Result, times.Beside(landed.Times));
                else
                    pending.Add(index);
            }
        }

        RpcMetrics.RecordEmbeddings(tenant, results!);
        return new EmbeddingBatch(results!, times);
    }

    private EmbeddingMemory MemoryOf(EncoderModel model)
    {
        var memory = Volatile.Read(ref current);
        if (memory?.Model == model) return memory;
        var fresh = new EmbeddingMemory(model, options);
        var found = Interlocked.CompareExchange(ref current, fresh, memory);
        return found == memory ? fresh : found!.Model == model ? found : fresh;
    }

    private static (List<int> Own, List<(int Index, Task<EmbeddingMemory.Flight?> Flight)> Others) Look(
        EmbeddingMemory memory, TenantName tenant, IReadOnlyList<EmbeddingInput> inputs, List<int> pending, EmbeddingResult?[] results)
    {
        var (own, others) = (new List<int>(), new List<(int, Task<EmbeddingMemory.Flight?>)>());
        foreach (var index in pending)
        {
            var key = EmbeddingMemory.Key.Of(tenant, inputs[index]);
            if (memory.Find(key) is { } values) results[index] = EmbeddingResult.Of(values, EmbeddingTier.Memory);
            else if (memory.TakeOff(key, out var flight)) own.Add(index);
            else others.Add((index, flight));
        }

        return (own, others);
    }

    // Every flight that was taken off lands or crashes here, whatever happens.
    private async Task<StageTimes> FlyAsync(
        EmbeddingMemory memory, TenantName tenant, IReadOnlyList<EmbeddingInput> inputs, List<int> own, EmbeddingResult?[] results, CancellationToken cancellationToken)
    {
        if (own.Count == 0) return StageTimes.Zero;
        var keys = own.ConvertAll(index => EmbeddingMemory.Key.Of(tenant, inputs[index]));
        try
        {
            var batch = await inner.EmbedAsync(tenant, own.ConvertAll(index => inputs[index]), cancellationToken);
            Debug.Assert(batch.Results.Count == own.Count, "One result an input is the contract of an embedder.");
            if (await inner.GetModelAsync(cancellationToken) != memory.Model) throw EmbeddingErrors.EncoderChanged();
            for (var i = 0; i < own.Count; i++)
            {
                results[own[i]] = batch.Results[i];
                memory.Land(keys[i], new EmbeddingMemory.Flight(batch.Results[i], batch.Times));
            }

            return batch.Times;
        }
        catch (TaskResException exception) when (exception.Reason is not (ErrorReason.Cancelled or ErrorReason.DeadlineExceeded))
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

    // The other had only the digest, and this one has the bytes.
    private static bool MustAskItself(EmbeddingResult result, EmbeddingInput input) =>
        result.Error?.Reason == ErrorReason.ImageBytesRequired && input is not ImageInput { Content.IsEmpty: true };
}
