using System.Collections.Concurrent;
using TaskRes.Core;
using TaskRes.Platform.Embeddings;

namespace TaskRes.Services.Tests.Support;

/// <summary>An embedder whose embeddings follow from the input's digest, that counts what it is asked and can be held up.</summary>
internal sealed class CountingEmbedder : IEmbedder
{
    public ConcurrentQueue<EmbeddingInput> Asked { get; } = new();

    public EncoderModel Model { get; set; } = ModelOf("f00d");

    /// <summary>Awaited by every call before it answers.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>The error of every input; null where they have none.</summary>
    public TaskResException? Fault { get; set; }

    public static EncoderModel ModelOf(string fingerprint) => new()
    {
        Name = "test",
        Architecture = "ViT-B/32",
        Fingerprint = fingerprint,
        EmbeddingDimension = 8,
        ImageSize = 32,
        ContextLength = 77,
        LogitScale = 100,
        Precision = "fp32",
        Device = "cpu",
    };

    public static float[] ValuesOf(EmbeddingInput input) => Samples.Vector(HashCode.Combine(input.Digest.Low, input.View), 8);

    public ValueTask<EncoderModel> GetModelAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Model);

    public async Task<EmbeddingBatch> EmbedAsync(EmbeddingCaller caller, IReadOnlyList<EmbeddingInput> inputs, CancellationToken cancellationToken)
    {
        foreach (var input in inputs) Asked.Enqueue(input);
        await Gate.WaitAsync(cancellationToken);
        return new EmbeddingBatch([.. inputs.Select(Answer)], StageTimes.Zero with { BatchSize = inputs.Count });
    }

    private EmbeddingResult Answer(EmbeddingInput input)
    {
        if (Fault is not null) return EmbeddingResult.Failed(Fault);
        return input is ImageInput { Content.IsEmpty: true }
            ? EmbeddingResult.Failed(EmbeddingErrors.BytesRequired(input.Digest))
            : EmbeddingResult.Of(ValuesOf(input), EmbeddingTier.Encoder);
    }
}
