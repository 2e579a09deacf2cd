using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TaskRes.Platform.Hosting;
using TaskRes.Platform.Limits;

namespace TaskRes.Platform.Embeddings;

/// <summary>The connections to the encoders: round robin over what the name resolves to, and retries of UNAVAILABLE alone.</summary>
internal sealed class EncoderChannel : IDisposable
{
    private const int MaxBufferedBytes = 256 << 20;

    private readonly ServiceProvider _resolvers;

    public EncoderChannel(IOptions<RemoteEncoderOptions> options)
    {
        _resolvers = new ServiceCollection()
            .AddSingleton<ResolverFactory>(new DnsResolverFactory(options.Value.DnsRefresh))
            .AddSingleton<ResolverFactory>(new StaticResolverFactory(Addresses))
            .BuildServiceProvider();
        Channel = GrpcChannel.ForAddress(options.Value.Address, new GrpcChannelOptions
        {
            Credentials = options.Value.Address.StartsWith("https", StringComparison.Ordinal) ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
            ServiceProvider = _resolvers,
            ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new RoundRobinConfig() }, MethodConfigs = { RetryUnavailable() } },
            // An encoder that was restarted is used again before the next one goes.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
            MaxReconnectBackoff = TimeSpan.FromSeconds(1),
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
                SslOptions = Tls(options.Value),
            },
        });
    }

    public GrpcChannel Channel { get; }

    public void Dispose()
    {
        Channel.Dispose();
        _resolvers.Dispose();
    }

    // static:///host:port,host:port
    private static IEnumerable<BalancerAddress> Addresses(Uri list) =>
        list.AbsolutePath.Trim('/').Split(',').Select(address => new Uri($"http://{address}")).Select(address => new BalancerAddress(address.Host, address.Port));

    private static SslClientAuthenticationOptions Tls(RemoteEncoderOptions options)
    {
        const string Section = RemoteEncoderOptions.Section;
        var tls = new SslClientAuthenticationOptions();
        if (options.CertificatePath.Length > 0)
            tls.ClientCertificates = [CertificateFiles.Load(options.CertificatePath, options.CertificateKeyPath, $"{Section}:{nameof(options.CertificatePath)}")];
        if (options.CaPath.Length > 0)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(CertificateFiles.LoadAll(options.CaPath, $"{Section}:{nameof(options.CaPath)}"));
        }

        return tls;
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
