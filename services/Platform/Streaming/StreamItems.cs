using TaskRes.V1;

namespace TaskRes.Platform.Streaming;

/// <summary>How the items of a stream are answered.</summary>
/// <param name="MaxInFlight">Requests read whose responses are not yet written, at least 1.</param>
/// <param name="Answer">Answers one request.</param>
/// <param name="Failed">The response that carries a request's error.</param>
/// <param name="AsReady">Whether the first request asks for responses as they are ready, and not in the order of the requests.</param>
public sealed record StreamItems<TRequest, TResponse>(
    int MaxInFlight, Func<TRequest, CancellationToken, Task<TResponse>> Answer, Func<TRequest, ItemError, TResponse> Failed, Func<TRequest, bool> AsReady);
