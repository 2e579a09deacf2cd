using TaskRes.Encoder.Batching;

namespace TaskRes.Encoder.Model;

/// <summary>The first passes, by batch size: the libraries choose their kernels and take their memory, and the queue learns what a pass costs, before anybody waits for one.</summary>
internal static class WarmUp
{
    // For images and for texts each: a large model is known by few sizes, and not ready later for it.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(0.25);

    public static void Run(ForwardPasses passes, KnownAnswer known, PassCosts costs, int maxBatch, TimeProvider time)
    {
        Run(costs.Images, 1, maxBatch, time, Images);
        Run(costs.Texts, known.Ids.Length, maxBatch, time, count => passes.Texts([.. Enumerable.Repeat(known.Ids, count)]));

        float[][] Images(int count) => passes.Images(Enumerable.Repeat(known.Pixels, count).SelectMany(pixels => pixels).ToArray(), count);
    }

    // Twice each: the first of a size is slower than those that follow.
    private static void Run(PassCost cost, int unitsPerItem, int maxBatch, TimeProvider time, Func<int, float[][]> pass)
    {
        var start = time.GetTimestamp();
        for (var count = 1; count <= maxBatch && time.GetElapsedTime(start) < Budget; count *= 2)
        {
            pass(count);
            var again = time.GetTimestamp();
            pass(count);
            cost.Observe(count * unitsPerItem, time.GetElapsedTime(again).TotalSeconds);
        }
    }
}
