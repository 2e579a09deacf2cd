using Microsoft.Extensions.Options;
using TaskRes.Classifier.Heads;
using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Resources;
using TaskRes.Platform.Telemetry;
using TaskRes.Platform.Wire;
using TaskRes.V1;

namespace TaskRes.Classifier.Grpc;

/// <summary>The body that all classify calls share: the task's head first, then the image's embedding, then one product.</summary>
internal sealed class ClassifyCall(HeadCache heads, IEmbedder embedder, ShadowScores shadows, IOptions<RequestLimits> limits, TimeProvider time)
{
    private const int DefaultTopK = 5;

    /// <param name="method">The RPC, for the metrics.</param>
    /// <param name="deadline">Of the call, in UTC.</param>
    public async Task<ClassifyResponse> RunAsync(string method, ClassifyRequest request, DateTime deadline, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var task = TaskName.Parse(request.Task, "task");
        var image = WireImage.Parse(request.Image, view: 0, limits.Value, "image");
        if (request.TopK < 0) throw TaskResException.Invalid("top_k", $"{request.TopK} is negative; give 0 for {DefaultTopK}, or how many classes to answer with.");

        // The task decides first: whether an image's embedding is known is told to those alone who may use the task.
        var served = await heads.GetAsync(task, cancellationToken);
        var head = served.HeadFor(image.Digest);
        var encoder = await embedder.GetModelAsync(cancellationToken);
        head.RequireEncoder(encoder.Fingerprint);
        var batch = await embedder.EmbedAsync(EmbeddingCaller.Interactive(task.Tenant, deadline), [image], cancellationToken);
        RpcMetrics.RecordStages(method, batch.Times);

        var embedding = batch.Results[0];
        var predictions = head.Head.TopK(embedding.Values, request.TopK == 0 ? DefaultTopK : request.TopK);
        ClassifierMetrics.RecordAnswer(canary: head == served.Canary);
        if (served.Shadow is { } shadow) shadows.Compare(shadow, head, predictions[0], embedding.Values);
        return new ClassifyResponse
        {
            Task = request.Task,
            Revision = head.Name.ToString(),
            EncoderFingerprint = encoder.Fingerprint,
            Predictions = { predictions.Select(ToProto) },
            Tier = (CacheTier)embedding.Tier,
            Timings = WireTimings.From(batch.Times, time.GetElapsedTime(start)),
        };
    }

    private static Prediction ToProto(Core.Learning.Prediction prediction) => new()
    {
        ClassName = prediction.ClassName,
        ClassIndex = prediction.ClassIndex,
        Probability = prediction.Probability,
        Logit = prediction.Logit,
    };
}
