using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using TaskRes.Trials.Processes;
using TaskRes.V1;

namespace TaskRes.Trials.Hostile;

/// <summary>Calls with whatever bytes, each to the service that has the RPC: an answer or a typed refusal is right, a fault of the service's own is the trial's.</summary>
internal sealed class HostileCalls(SeparateServices services, string key, TrialTally tally) : IDisposable
{
    private readonly GrpcChannel _encoder = Channel(services.Encoder);
    private readonly GrpcChannel _trainer = Channel(services.Trainer);
    private readonly GrpcChannel _classifier = Channel(services.Classifier);

    /// <summary>No input, whatever it is, may end a call so; DeadlineExceeded is a hang, Unavailable a dead process. A damaged file is DataLoss.</summary>
    public static IReadOnlyList<StatusCode> FaultsOfTheService { get; } =
        [StatusCode.Unknown, StatusCode.Internal, StatusCode.Unimplemented, StatusCode.DeadlineExceeded, StatusCode.Unavailable];

    /// <param name="kind">What is damaged, for the counts.</param>
    /// <returns>The last response; null where the call was refused.</returns>
    public async Task<byte[]?> SendAsync(string kind, MethodDescriptor method, IEnumerable<byte[]> messages, CancellationToken cancellationToken)
    {
        var (status, response) = await new RawCall(method).RunAsync(ChannelOf(method), key, messages, cancellationToken);
        tally.Count(kind);
        tally.Count(status.StatusCode == StatusCode.OK ? "answered" : "refused");
        if (FaultsOfTheService.Contains(status.StatusCode)) tally.Fault($"{method.FullName}, {kind} {tally.Of(kind)}: {status}");
        return status.StatusCode == StatusCode.OK ? response : null;
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _trainer.Dispose();
        _classifier.Dispose();
    }

    private static GrpcChannel Channel(RestartableProcess service) => GrpcChannel.ForAddress($"http://127.0.0.1:{service.Port}");

    private GrpcChannel ChannelOf(MethodDescriptor method) =>
        method.Service == EncoderService.Descriptor ? _encoder : method.Service == ClassifierService.Descriptor ? _classifier : _trainer;
}
