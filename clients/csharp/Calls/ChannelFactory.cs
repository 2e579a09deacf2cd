using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;

namespace TaskRes.Client.Calls;

/// <summary>The channel's limits.</summary>
internal static class ChannelFactory
{
    private const int Mebibyte = 1 << 20;
    private const int MaxMessageBytes = 64 * Mebibyte;

    // An image may be 20 MiB; a request over the buffer would go out once, without a retry and without a word about it.
    private const int MaxRetryBufferPerCallBytes = 24 * Mebibyte;
    private const int MaxRetryBufferBytes = 256 * Mebibyte;

    public static GrpcChannel Create(TaskResClientOptions options) =>
        GrpcChannel.ForAddress(options.Address, new GrpcChannelOptions
        {
            HttpHandler = options.HttpHandler ?? new GoAwayHandler(new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
                SslOptions = Tls(options.CaPath),
            }),
            DisposeHttpClient = options.HttpHandler is null,
            // dns:/// and static:/// carry no scheme; within a cluster they are reached without TLS.
            Credentials = options.Address.Scheme == Uri.UriSchemeHttps ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
            MaxSendMessageSize = MaxMessageBytes,
            MaxReceiveMessageSize = MaxMessageBytes,
            MaxRetryBufferPerCallSize = MaxRetryBufferPerCallBytes,
            MaxRetryBufferSize = MaxRetryBufferBytes,
            // A replica that was restarted is used again before the next one goes.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
            MaxReconnectBackoff = TimeSpan.FromSeconds(1),
            ServiceConfig = ServiceConfigs.Of(options),
            ServiceProvider = new AddressList(),
        });

    private static SslClientAuthenticationOptions Tls(string? caPath)
    {
        if (caPath is null) return new SslClientAuthenticationOptions();
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(caPath);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }
}
