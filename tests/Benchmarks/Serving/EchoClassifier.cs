using Grpc.Core;
using TaskRes.Platform.Resources;
using TaskRes.V1;

namespace TaskRes.Benchmarks.Serving;

/// <summary>What gRPC alone can do: requests and replies of the classifier's size, and nothing between them.</summary>
internal sealed class EchoClassifier : ClassifierService.ClassifierServiceBase
{
    private static readonly TaskName SomeTask = new SyntheticTasks(Count: 1, Classes: 100).Name(0);

    private static readonly ClassifyResponse Reply = new()
    {
        Task = $"{SomeTask}",
        Revision = $"{SomeTask.Revision(SyntheticEncoder.Description.Fingerprint)}",
        EncoderFingerprint = SyntheticEncoder.Description.Fingerprint,
        Predictions = { Enumerable.Range(0, 5).Select(index => new Prediction { ClassName = SyntheticTasks.ClassName(index), ClassIndex = index, Probability = 0.2f, Logit = 20 }) },
        Tier = CacheTier.Memory,
        Timings = new Timings { TotalUs = 100 },
    };

    public override Task<ClassifyResponse> Classify(ClassifyRequest request, ServerCallContext context) => System.Threading.Tasks.Task.FromResult(Reply);
}
