using System.ComponentModel.DataAnnotations;

namespace TaskRes.Platform.Hosting;

/// <summary>Where a service listens: the section <c>Endpoints</c>.</summary>
public sealed class EndpointOptions : IValidatableObject
{
    public const string Section = "Endpoints";

    /// <summary>An IP address of this machine: 127.0.0.1 for this machine alone, 0.0.0.0 or :: for all.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>gRPC over HTTP/2; 0 takes a free port, which the log names.</summary>
    [Range(0, 65_535)]
    public int GrpcPort { get; set; } = 5100;

    /// <summary>HTTP/1.1: JSON, gRPC-Web, /health and /metrics; 0 takes a free port, which the log names.</summary>
    [Range(0, 65_535)]
    public int WebPort { get; set; } = 5101;

    /// <summary>The server's certificate and what leads to its issuer, a PEM file; with it both ports speak TLS alone. Empty for none.</summary>
    public string CertificatePath { get; set; } = "";

    /// <summary>Its private key, a PEM file; empty where <see cref="CertificatePath"/> holds it too.</summary>
    public string CertificateKeyPath { get; set; } = "";

    /// <summary>The authority whose client certificates are the suite's services (mTLS), a PEM file; needs TLS. Empty where services know each other by their key.</summary>
    public string ServiceCaPath { get; set; } = "";

    internal bool HasTls => CertificatePath.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ServiceCaPath.Length > 0 && !HasTls)
            yield return new ValidationResult($"a client certificate comes with TLS alone: set {nameof(CertificatePath)} too.", [nameof(ServiceCaPath)]);
        foreach (var (name, path) in new[] { (nameof(CertificatePath), CertificatePath), (nameof(CertificateKeyPath), CertificateKeyPath), (nameof(ServiceCaPath), ServiceCaPath) })
            if (path.Length > 0 && !File.Exists(path)) yield return new ValidationResult($"there is no file '{path}'.", [name]);
    }
}
