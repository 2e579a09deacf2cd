using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Options;
using TaskRes.Platform.Access;
using TaskRes.Platform.Circuits;
using TaskRes.Platform.Embeddings;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Platform.Access;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Platform.Hosting;

/// <summary>An authority of the test's own, a server's certificate and a service's.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-tls-");
    private readonly X509Certificate2 _authority = Authority("the suite's");
    private readonly X509Certificate2 _stranger = Authority("a stranger's");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Services_WithCertificates_KnowEachOtherWithoutAKey()
    {
        using var redis = await RedisServer.StartAsync();
        await using var encoder = await EncoderAsync(redis);
        var options = Options.Create(new RemoteEncoderOptions
        {
            Address = encoder.Service.Endpoints.Grpc.ToString(),
            CaPath = WriteAuthority(),
            CertificatePath = Issue("service", _authority),
        });
        using var channel = new EncoderChannel(options);
        var embedder = new RemoteEmbedder(channel, options, Options.Create(new CircuitOptions()), Options.Create(new AccessOptions()), TimeProvider.System);

        var batch = await embedder.EmbedAsync(EmbeddingCaller.Interactive(new("acme")), [new TextInput("a photo")], Cancel);
        Assert.Null(batch.Results[0].Error);
    }

    [Fact]
    public async Task Caller_WithoutCertificateOrKey_OrWithAStrangers_IsRefused()
    {
        using var redis = await RedisServer.StartAsync();
        await using var encoder = await EncoderAsync(redis);
        var none = await Assert.ThrowsAsync<RpcException>(() => CallAsync(encoder, certificate: null));
        Assert.Equal(StatusCode.Unauthenticated, none.StatusCode);
        var strange = await Assert.ThrowsAsync<RpcException>(() => CallAsync(encoder, Issue("impostor", _stranger)));
        Assert.Contains(strange.StatusCode, new[] { StatusCode.Unavailable, StatusCode.Internal });
        await CallAsync(encoder, Issue("service", _authority));
    }

    [Theory]
    [InlineData("Endpoints:CertificatePath", "no-such-file")]
    [InlineData("Endpoints:ServiceCaPath", "no-such-file")]
    public async Task Start_CertificateAbsent_ExitsNamingTheSetting(string setting, string path)
    {
        using var process = new ServiceProcess("TaskRes.Classifier", $"--{setting}={path}");
        Assert.Equal(1, await process.ExitCodeAsync(Cancel));
        Assert.Contains(process.Lines, line => line.StartsWith(setting, StringComparison.Ordinal) && line.Contains(path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_CertificateDamaged_ExitsNamingTheSetting()
    {
        var path = Path.Combine(_folder.FullName, "damaged.pem");
        await File.WriteAllTextAsync(path, "no certificate", Cancel);
        using var process = new ServiceProcess("TaskRes.Classifier", $"--Endpoints:CertificatePath={path}");
        Assert.Equal(1, await process.ExitCodeAsync(Cancel));
        Assert.Contains(process.Lines, line => line.StartsWith("Endpoints:CertificatePath", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
        _folder.Delete(recursive: true);
    }

    private Task<EncoderUnderTest> EncoderAsync(RedisServer redis) => EncoderUnderTest.StartAsync(
        gate: null,
        ("Redis:Cache", redis.ConnectionString),
        ("Redis:Registry", redis.ConnectionString),
        ("Access:Mode", "Required"),
        ("Access:AdminKey", GuardedSuite.AdminKey),
        ("Access:ServiceKey", GuardedSuite.ServiceKey),
        ("Endpoints:CertificatePath", Issue("server", _authority)),
        ("Endpoints:ServiceCaPath", WriteAuthority()));

    private async Task CallAsync(EncoderUnderTest encoder, string? certificate)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_authority);
        using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
        if (certificate is not null) handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate)];
        using var channel = GrpcChannel.ForAddress(encoder.Service.Endpoints.Grpc, new GrpcChannelOptions { HttpHandler = handler });
        await new EncoderService.EncoderServiceClient(channel).GetModelAsync(new GetModelRequest(), cancellationToken: Cancel);
    }

    private string WriteAuthority()
    {
        var path = Path.Combine(_folder.FullName, "ca.pem");
        File.WriteAllText(path, _authority.ExportCertificatePem());
        return path;
    }

    private string Issue(string name, X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        var path = Path.Combine(_folder.FullName, $"{name}.pem");
        File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}");
        return path;
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }
}
