using System.ComponentModel.DataAnnotations;

namespace TaskRes.Platform.Hosting;

/// <summary>Where a service listens: the section <c>Endpoints</c>.</summary>
public sealed class EndpointOptions
{
    public const string Section = "Endpoints";

    /// <summary>An IP address of this machine: 127.0.0.1 for this machine alone, 0.0.0.0 or :: for all.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>gRPC over HTTP/2 without TLS; 0 takes a free port, which the log names.</summary>
    [Range(0, 65_535)]
    public int GrpcPort { get; set; } = 5100;

    /// <summary>HTTP/1.1: JSON, gRPC-Web, /health and /metrics; 0 takes a free port, which the log names.</summary>
    [Range(0, 65_535)]
    public int WebPort { get; set; } = 5101;
}
