using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TaskRes.Platform.Limits;

namespace TaskRes.Platform.Embeddings;

/// <summary>The connections to the encoders: round robin over what the name resolves to, and retries of UNAVAILABLE alone.</summary>
internal sealed class EncoderChannel : IDisposable
{
    private const int MaxBufferedBytes = 256 << 20;

    private readonly ServiceProvider resolvers;

    public EncoderChannel(IOptions<RemoteEncoderOptions> options)
    {
        resolvers = new ServiceCollection()
            .AddSingleton<ResolverFactory>(new DnsResolverFactory(options.Value.DnsRefresh))
            .BuildServiceProvider();
        Channel = GrpcChannel.ForAddress(options.Value.Address, new GrpcChannelOptions
        {
            Credentials = options.Value.Address.StartsWith("https", StringComparison.Ordinal) ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
            ServiceProvider = resolvers,
            ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new RoundRobinConfig() }, MethodConfigs = { RetryUnavailable() } },
            MaxReceiveMessageSize = RequestLimits.MaxMessageBytes,
            MaxSendMessageSize = RequestLimits.MaxMessageBytes,
            // A call larger than this would lose its retries without a word.
            MaxRetryBufferPerCallSize = RequestLimits.MaxMessageBytes,
            MaxRetryBufferSize = MaxBufferedBytes,
            DisposeHttpClient = true,
            HttpHandler = new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            },
        });
    }

    public GrpcChannel Channel { get; }

    public void Dispose()
    {
        Channel.Dispose();
        resolvers.Dispose();
    }

    private static MethodConfig RetryUnavailable() => new()
    {
        Names = { MethodName.Default },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = 4,
            InitialBackoff = TimeSpan.FromMilliseconds(50),
            MaxBackoff = TimeSpan.FromSeconds(1),
            BackoffMultiplier = 2,
            RetryableStatusCodes = { StatusCode.Unavailable },
        },
    };
}
