namespace TaskRes.Client;

/// <summary>How a <see cref="TaskResClient"/> reaches its server and for whom it speaks.</summary>
public sealed record TaskResClientOptions
{
    /// <summary>
    /// Where the services listen for gRPC: <c>http://host:port</c> (HTTP/2 without TLS), <c>https://host:port</c>, or
    /// <c>dns:///host:port</c>, which spreads calls over all addresses of the name, or <c>static:///host:port,host:port</c>,
    /// which spreads them over these.
    /// </summary>
    public Uri Address { get; init; } = new("http://127.0.0.1:5100");

    /// <summary>The tenant whose tasks are meant where a call gives only a task's id, as <c>tenants/{tenant}</c>.</summary>
    public string TenantName { get; init; } = "tenants/default";

    /// <summary>Sent as a bearer token with every call; null for servers that ask for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The authority of the server's certificate, a PEM file, where it is none that this machine trusts by itself; null otherwise.</summary>
    public string? CaPath { get; init; }

    /// <summary>The deadline of a unary call, its retries included. Streams have none: they end with their token.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How often a unary call is tried in all while the server is unavailable, and a stream without an answer, 1–5; 1 tries once.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>
    /// Whether a call that finds no server, or one that is not ready yet, waits for it in place of failing after
    /// <see cref="MaxAttempts"/>: a unary call up to its deadline, a stream until it is cancelled. For programs that must outlive
    /// a restart of their server.
    /// </summary>
    public bool WaitForReady { get; init; }

    /// <summary>
    /// After how long without an answer a unary call that changes nothing is sent again, to another server where there are
    /// several, <see cref="MaxAttempts"/> times in all; the first answer counts. Null sends it once. Above 0, and best a little
    /// over the usual time of an answer.
    /// </summary>
    public TimeSpan? HedgingDelay { get; init; }

    /// <summary>How many items of a stream may be under way before the next one waits for an answer, at least 1.</summary>
    public int MaxInFlight { get; init; } = 64;

    /// <summary>The clock of deadlines and of waits between attempts.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The handler that carries the calls, for tests and proxies; null makes one.</summary>
    public HttpMessageHandler? HttpHandler { get; init; }

    internal void Validate()
    {
        if (!Address.IsAbsoluteUri)
            throw new ArgumentException($"\"{Address}\" is not an address; write it as http://host:port.", nameof(Address));
        if (!TenantName.StartsWith("tenants/", StringComparison.Ordinal))
            throw new ArgumentException($"\"{TenantName}\" is not of the form tenants/{{tenant}}.", nameof(TenantName));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero, nameof(Timeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAttempts, 1, nameof(MaxAttempts));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxAttempts, 5, nameof(MaxAttempts));
        if (HedgingDelay is { } delay) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(delay, TimeSpan.Zero, nameof(HedgingDelay));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxInFlight, 1, nameof(MaxInFlight));
    }
}
