using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TaskRes.Platform.Hosting;
using TaskRes.V1;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace TaskRes.Platform.Embeddings;

/// <summary>Whether the remote encoder serves.</summary>
internal sealed class RemoteEncoderHealth(EncoderChannel channel, RemoteEmbedder encoder, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var fault = await FaultAsync(cancellationToken);
        if (fault is null && !encoder.IsCircuitOpen) return HealthCheckResult.Healthy();
        return DependencyState.Of(
            context,
            encoder.IsCircuitOpen ? DependencyState.CircuitOpen : DependencyState.Away,
            fault ?? "Calls to the encoder failed several times in a row: the next is tried in a moment.");
    }

    private async Task<string?> FaultAsync(CancellationToken cancellationToken)
    {
        try
        {
            var request = new HealthCheckRequest { Service = EncoderService.Descriptor.FullName };
            var reply = await new HealthClient(channel.Channel).CheckAsync(request, deadline: (time.GetUtcNow() + Timeout).UtcDateTime, cancellationToken: cancellationToken);
            return reply.Status == HealthCheckResponse.Types.ServingStatus.Serving ? null : $"The encoder is {reply.Status}.";
        }
        catch (RpcException exception)
        {
            return $"The encoder does not answer: {exception.StatusCode}.";
        }
    }
}
