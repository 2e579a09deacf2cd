namespace TaskRes.Cli.Hub;

/// <summary>How models are fetched.</summary>
internal sealed record HubOptions
{
    /// <summary>Where the hub's API and files are.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>Stands in for the hosts of OpenAI's archive and of its merges; null leaves them as they are.</summary>
    public Uri? ArchiveMirror { get; init; }

    /// <summary>Sent to the hub's own origin as a bearer token, and nowhere else.</summary>
    public string? Token { get; init; }

    /// <summary>Nothing is fetched.</summary>
    public bool Offline { get; init; }

    /// <summary>Tries in a row that bring nothing new before a fetch fails.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>The wait after a first failure; it doubles with each that follows, up to <see cref="MaxDelay"/>.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait; a server that asks for a longer one ends the fetch.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a server may send nothing at all.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
