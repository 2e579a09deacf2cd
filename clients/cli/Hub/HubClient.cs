using System.Net;
using System.Net.Http.Headers;
using TaskRes.Core;

namespace TaskRes.Cli.Hub;

/// <summary>
/// HTTP as the hub speaks it: redirects to other hosts without the token, refusals as typed errors, an end to silence.
/// A proxy is that of the usual environment variables, as <see cref="HttpClient"/> reads them.
/// </summary>
internal sealed class HubClient : IDisposable
{
    private const int MaxRedirects = 5;

    private readonly HubOptions _options;
    private readonly HttpClient _http;

    public HubClient(HubOptions options)
    {
        _options = options;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = options.ConnectTimeout };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("taskres", typeof(HubClient).Assembly.GetName().Version!.ToString(3)));
        // Ranges and sizes count the file's bytes, not those of a compressed form.
        _http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("identity");
    }

    /// <summary>A path below an endpoint, which may have a path itself.</summary>
    public static Uri At(Uri endpoint, string path) => new($"{endpoint.AbsoluteUri.TrimEnd('/')}/{path}");

    /// <summary>Asks for a file from <paramref name="offset"/> on, following redirects; the body is not read yet.</summary>
    /// <exception cref="TaskResException">As <see cref="HubErrors.Refused"/>.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, long offset, CancellationToken cancellationToken)
    {
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            var isAuthorized = _options.Token is not null && IsSameOrigin(address, _options.Endpoint);
            using var request = new HttpRequestMessage(method, address);
            if (isAuthorized) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.Token);
            if (offset > 0) request.Headers.Range = new RangeHeaderValue(offset, null);

            var response = await UnstalledAsync(address, token => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellationToken);
            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) return response;
            using (response) address = Redirect(address, response) ?? throw HubErrors.Refused(address, response.StatusCode, isAuthorized, RetryAfter(response));
        }

        throw HubErrors.Redirected(address, $"there are more than {MaxRedirects} redirects");
    }

    /// <summary>A whole body of at most <paramref name="maxBytes"/>, and the answer's headers.</summary>
    public async Task<(byte[] Body, HttpResponseHeaders Headers)> ReadAsync(Uri address, int maxBytes, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, address, 0, cancellationToken);
        try
        {
            var body = await UnstalledAsync(
                address,
                async token =>
                {
                    await response.Content.LoadIntoBufferAsync(maxBytes, token);
                    return await response.Content.ReadAsByteArrayAsync(token);
                },
                cancellationToken);
            return (body, response.Headers);
        }
        catch (TaskResException error) when (error.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
        {
            throw new TaskResException(ErrorReason.LimitExceeded, $"{address.GetLeftPart(UriPartial.Path)}: the answer is over the limit of {maxBytes:N0} bytes; is this a hub?", error);
        }
    }

    /// <summary>Runs one exchange with a server: faults of the connection, and silence, come out as transient errors.</summary>
    public async Task<T> UnstalledAsync<T>(Uri address, Func<CancellationToken, Task<T>> exchange, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(_options.StallTimeout);
        try
        {
            return await exchange(stall.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw HubErrors.Unreachable(address, $"nothing has come for {_options.StallTimeout.TotalSeconds:0.#} seconds", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw HubErrors.Unreachable(address, $"the connection failed ({error.Message.TrimEnd('.')})", error);
        }
    }

    public void Dispose() => _http.Dispose();

    private static Uri? Redirect(Uri from, HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location) return null;
        var to = new Uri(from, location);
        var isSafe = to.Scheme == Uri.UriSchemeHttps || (to.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp);
        return isSafe ? to : throw HubErrors.Redirected(from, $"it leads to {to.GetLeftPart(UriPartial.Authority)}, which is not secure");
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date is { } date && date > _options.Time.GetUtcNow() ? date - _options.Time.GetUtcNow() : null);

    private static bool IsSameOrigin(Uri left, Uri right) =>
        Uri.Compare(left, right, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
