using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace TaskRes.Platform.Hosting;

/// <summary>The addresses that the service listens on, with the ports it was given; known once it has started.</summary>
public sealed class BoundEndpoints
{
    private ListenOptions? _grpc;
    private ListenOptions? _web;

    /// <summary>Such as http://127.0.0.1:5100.</summary>
    public Uri Grpc => AddressOf(_grpc);

    public Uri Web => AddressOf(_web);

    internal void Bind(KestrelServerOptions kestrel, IPAddress address, EndpointOptions options)
    {
        kestrel.Listen(address, options.GrpcPort, endpoint => (_grpc = endpoint).Protocols = HttpProtocols.Http2);
        kestrel.Listen(address, options.WebPort, endpoint => (_web = endpoint).Protocols = HttpProtocols.Http1);
    }

    // Kestrel puts the port that it was given into the listen options.
    private static Uri AddressOf(ListenOptions? endpoint) =>
        endpoint?.IPEndPoint is { Port: > 0 } bound ? new Uri($"http://{bound}") : throw new InvalidOperationException("The service does not listen yet.");
}
