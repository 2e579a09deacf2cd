using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace TaskRes.Platform.Hosting;

/// <summary>The addresses that the service listens on, with the ports it was given; known once it has started.</summary>
public sealed class BoundEndpoints
{
    private ListenOptions? _grpc;
    private ListenOptions? _web;
    private string _scheme = Uri.UriSchemeHttp;

    /// <summary>Such as http://127.0.0.1:5100.</summary>
    public Uri Grpc => AddressOf(_grpc);

    public Uri Web => AddressOf(_web);

    internal void Bind(KestrelServerOptions kestrel, IPAddress address, EndpointOptions options)
    {
        _scheme = options.HasTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        var tls = options.HasTls ? ServerTls.Of(options) : null;
        kestrel.Listen(address, options.GrpcPort, endpoint => Configure(_grpc = endpoint, HttpProtocols.Http2));
        kestrel.Listen(address, options.WebPort, endpoint => Configure(_web = endpoint, HttpProtocols.Http1));

        void Configure(ListenOptions endpoint, HttpProtocols protocols)
        {
            endpoint.Protocols = protocols;
            if (tls is not null) endpoint.UseHttps(tls);
        }
    }

    // Kestrel puts the port that it was given into the listen options.
    private Uri AddressOf(ListenOptions? endpoint) =>
        endpoint?.IPEndPoint is { Port: > 0 } bound ? new Uri($"{_scheme}://{bound}") : throw new InvalidOperationException("The service does not listen yet.");
}
