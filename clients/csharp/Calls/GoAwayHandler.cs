using System.Net.Sockets;

namespace TaskRes.Client.Calls;

/// <summary>
/// A server that closes a connection in good order (GOAWAY with NO_ERROR, RFC 9113 section 6.8) finishes the calls that it
/// has begun. One that fails by it was not begun: it counts as one that found no server, and is made again on another.
/// </summary>
internal sealed class GoAwayHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>NO_ERROR.</summary>
    public const long NoError = 0;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException error) when (error.InnerException is HttpProtocolException { ErrorCode: NoError })
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, error.Message, new SocketException((int)SocketError.ConnectionReset));
        }
    }
}
