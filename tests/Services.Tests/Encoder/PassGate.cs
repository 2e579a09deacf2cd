using TaskRes.Encoder.Batching;
using TaskRes.Encoder.Model;

namespace TaskRes.Services.Tests.Encoder;

/// <summary>Stands before the real forward passes: holds them, fails them, counts them.</summary>
internal sealed class PassGate : IDisposable
{
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private int _imagePasses;
    private int _images;
    private int _held;

    /// <summary>Thrown by the next pass on images, once.</summary>
    public Exception? NextFailure { get; set; }

    /// <summary>Every embedding comes out as NaN, as from broken weights.</summary>
    public bool Poisoned { get; set; }

    public int ImagePasses => Volatile.Read(ref _imagePasses);

    public int Images => Volatile.Read(ref _images);

    public bool Holds => Volatile.Read(ref _held) > 0;

    public void Close() => _open.Reset();

    public void Open() => _open.Set();

    public PassesOf Around() => clip => new ForwardPasses(
        clip.Preprocessor.ElementCount,
        (pixels, count) =>
        {
            Pass();
            Interlocked.Increment(ref _imagePasses);
            Interlocked.Add(ref _images, count);
            return Out(clip.EncodeImages(pixels, count));
        },
        ids =>
        {
            Pass();
            return Out(clip.EncodeTexts(ids));
        });

    public void Dispose() => _open.Dispose();

    private void Pass()
    {
        Interlocked.Increment(ref _held);
        _open.Wait();
        Interlocked.Decrement(ref _held);
        if (NextFailure is not { } failure) return;
        NextFailure = null;
        throw failure;
    }

    private float[][] Out(float[][] embeddings)
    {
        if (Poisoned) foreach (var embedding in embeddings) embedding[0] = float.NaN;
        return embeddings;
    }
}
