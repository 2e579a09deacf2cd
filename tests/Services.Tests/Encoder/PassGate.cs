using TaskRes.Encoder.Batching;
using TaskRes.Encoder.Model;

namespace TaskRes.Services.Tests.Encoder;

/// <summary>
/// Stands before the real forward passes and holds them; fails and counts those of callers' images, since the readiness check
/// asks of its own accord now and then.
/// </summary>
internal sealed class PassGate : IDisposable
{
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private int _images;
    private int _held;

    /// <summary>Holds the readiness check's image and text too, as a library that hangs would; else they pass, whenever they come.</summary>
    public bool HoldsProbes { get; init; }

    /// <summary>Thrown by the next pass on images, once.</summary>
    public Exception? NextFailure { get; set; }

    /// <summary>Every embedding comes out as NaN, as from broken weights.</summary>
    public bool Poisoned { get; set; }

    /// <summary>That passed.</summary>
    public int Images => Volatile.Read(ref _images);

    public bool Holds => Volatile.Read(ref _held) > 0;

    public void Close() => _open.Reset();

    public void Open() => _open.Set();

    public PassesOf Around() => clip => new ForwardPasses(
        clip.Preprocessor.ElementCount,
        (pixels, count) =>
        {
            if (!IsProbe(pixels)) Pass(count);
            else if (HoldsProbes) _open.Wait();
            return Out(clip.EncodeImages(pixels, count));
        },
        ids =>
        {
            if (HoldsProbes || !IsProbe(ids)) _open.Wait();
            return Out(clip.EncodeTexts(ids));
        });

    public void Dispose() => _open.Dispose();

    private void Pass(int images)
    {
        Interlocked.Increment(ref _held);
        _open.Wait();
        Interlocked.Decrement(ref _held);
        Interlocked.Add(ref _images, images);
        if (NextFailure is not { } failure) return;
        NextFailure = null;
        throw failure;
    }

    // KnownAnswer's ramp: no bitmap of one colour looks like it.
    private static bool IsProbe(ReadOnlySpan<float> pixels) => pixels[1] > pixels[0] && pixels[2] > pixels[1];

    // KnownAnswer's text: no tokenizer gives these ids.
    private static bool IsProbe(IReadOnlyList<int[]> ids) => ids[0] is [_, 1, 2, 3, _];

    private float[][] Out(float[][] embeddings)
    {
        if (Poisoned) foreach (var embedding in embeddings) embedding[0] = float.NaN;
        return embeddings;
    }
}
