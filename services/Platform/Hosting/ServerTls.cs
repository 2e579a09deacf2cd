using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace TaskRes.Platform.Hosting;

/// <summary>Kestrel's TLS from the files of <see cref="EndpointOptions"/>.</summary>
internal static class ServerTls
{
    /// <exception cref="OptionsValidationException">A file is no certificate or key.</exception>
    public static HttpsConnectionAdapterOptions Of(EndpointOptions options)
    {
        var https = new HttpsConnectionAdapterOptions
        {
            ServerCertificate = CertificateFiles.Load(options.CertificatePath, options.CertificateKeyPath, $"{EndpointOptions.Section}:{nameof(options.CertificatePath)}"),
            ServerCertificateChain = CertificateFiles.LoadAll(options.CertificatePath, $"{EndpointOptions.Section}:{nameof(options.CertificatePath)}"),
        };
        if (options.ServiceCaPath.Length == 0) return https;

        var authorities = CertificateFiles.LoadAll(options.ServiceCaPath, $"{EndpointOptions.Section}:{nameof(options.ServiceCaPath)}");
        // Tenants come without a certificate, and by their keys; a certificate that is shown must be a service's.
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.ClientCertificateValidation = (certificate, _, _) => CertificateFiles.IsOf(certificate, authorities);
        return https;
    }
}

/// <summary>Certificates in PEM files.</summary>
internal static class CertificateFiles
{
    /// <param name="keyPath">Empty where the key is in the certificate's file.</param>
    /// <param name="setting">What to name where the file is wrong.</param>
    /// <exception cref="OptionsValidationException">The file is no certificate with a key.</exception>
    public static X509Certificate2 Load(string path, string keyPath, string setting) =>
        Read(setting, path, () => X509Certificate2.CreateFromPemFile(path, keyPath.Length == 0 ? null : keyPath));

    public static X509Certificate2Collection LoadAll(string path, string setting) => Read(setting, path, () =>
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(path);
        return certificates;
    });

    /// <summary>Whether the certificate is good now and leads to one of the authorities, and to no other.</summary>
    public static bool IsOf(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        // An authority of one's own publishes no list of what it revoked: certificates of services are short-lived instead.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private static T Read<T>(string setting, string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CryptographicException exception)
        {
            throw new OptionsValidationException(setting, typeof(EndpointOptions), [$"{setting}: '{path}' cannot be read: {exception.Message}"]);
        }
    }
}
