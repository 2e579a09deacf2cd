using System.ComponentModel.DataAnnotations;

namespace TaskRes.Platform.Embeddings;

/// <summary>Where the Encoder service is, for a service that has no encoder of its own: the section <c>RemoteEncoder</c>.</summary>
public sealed class RemoteEncoderOptions
{
    public const string Section = "RemoteEncoder";

    /// <summary>http://host:port for one encoder; dns:///host:port for all that the name stands for, in turn; static:///host:port,host:port for these, in turn.</summary>
    [Required]
    [RegularExpression(@"(https?://|dns:///|static:///).+", ErrorMessage = "Give http://host:port, dns:///host:port or static:///host:port,host:port.")]
    public string Address { get; set; } = "http://127.0.0.1:5100";

    /// <summary>How long one call may take, retries included; from 0.1 seconds to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often dns:/// is asked for new encoders; from a second to an hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan DnsRefresh { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The authority of the encoder's certificate, a PEM file, where it is none that this machine trusts by itself.</summary>
    public string CaPath { get; set; } = "";

    /// <summary>The certificate by which the encoder knows this service (mTLS), a PEM file. Empty where it is known by its key.</summary>
    public string CertificatePath { get; set; } = "";

    /// <summary>Its private key, a PEM file; empty where <see cref="CertificatePath"/> holds it too.</summary>
    public string CertificateKeyPath { get; set; } = "";
}
