using System.Net;
using System.Net.Sockets;

namespace TaskRes.Services.Tests.Support;

/// <summary>A TCP proxy on loopback that hands on what a server answers only after a delay.</summary>
internal sealed class SlowProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _accepting;
    private readonly int _target;
    private long _delay;

    public SlowProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string ConnectionString => $"{_listener.LocalEndpoint}";

    /// <summary>Of each answer.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delay));
        set => Interlocked.Exchange(ref _delay, value.Ticks);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopped.Token));
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _stopped.Token);
            await Task.WhenAny(PumpAsync(client, server, () => TimeSpan.Zero), PumpAsync(server, client, () => Delay));
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, Func<TimeSpan> delay)
    {
        var buffer = new byte[64 << 10];
        int length;
        while ((length = await from.GetStream().ReadAsync(buffer, _stopped.Token)) > 0)
        {
            await Task.Delay(delay(), _stopped.Token);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, length), _stopped.Token);
        }
    }
}
