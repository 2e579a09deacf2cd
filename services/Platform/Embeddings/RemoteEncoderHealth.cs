using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TaskRes.V1;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace TaskRes.Platform.Embeddings;

/// <summary>Whether the remote encoder serves; where the encoder is in this process, it speaks for itself.</summary>
internal sealed class RemoteEncoderHealth(IServiceProvider services, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (services.GetKeyedService<IEmbedder>(EmbedderRegistration.Source) is not null) return HealthCheckResult.Healthy("The encoder is in this process.");
        try
        {
            var client = new HealthClient(services.GetRequiredService<EncoderChannel>().Channel);
            var request = new HealthCheckRequest { Service = EncoderService.Descriptor.FullName };
            var reply = await client.CheckAsync(request, deadline: (time.GetUtcNow() + Timeout).UtcDateTime, cancellationToken: cancellationToken);
            return reply.Status == HealthCheckResponse.Types.ServingStatus.Serving ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"The encoder is {reply.Status}.");
        }
        catch (RpcException exception)
        {
            return HealthCheckResult.Unhealthy($"The encoder does not answer: {exception.StatusCode}.");
        }
    }
}
