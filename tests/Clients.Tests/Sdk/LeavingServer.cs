using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace TaskRes.Clients.Tests.Sdk;

/// <summary>An HTTP/2 server that stops when the first call comes: it closes the connection in good order, the call not begun.</summary>
internal sealed class LeavingServer : IDisposable
{
    private const int PrefaceBytes = 24;
    private const int FrameHeaderBytes = 9;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte GoAway = 7;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _authority;
    private int _refused;

    public LeavingServer()
    {
        _listener.Start();
        _authority = $"{_listener.LocalEndpoint}";
        _ = AcceptAsync();
    }

    public string Authority => _authority;

    /// <summary>Calls that it has not begun.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = LeaveAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has stopped.
        }
    }

    private async Task LeaveAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            try
            {
                await stream.WriteAsync(Frame(Settings, []));
                await stream.ReadExactlyAsync(new byte[PrefaceBytes]);
                var header = new byte[FrameHeaderBytes];
                while (true)
                {
                    await stream.ReadExactlyAsync(header);
                    await stream.ReadExactlyAsync(new byte[(header[0] << 16) | (header[1] << 8) | header[2]]);
                    if (header[3] != Headers) continue;
                    _listener.Dispose();
                    Interlocked.Increment(ref _refused);
                    // The last stream that may have been begun, and NO_ERROR.
                    await stream.WriteAsync(Frame(GoAway, [.. header[5..], 0, 0, 0, 0]));
                    return;
                }
            }
            catch (Exception exception) when (exception is IOException or EndOfStreamException)
            {
                // The client closed first.
            }
        }
    }

    private static byte[] Frame(byte type, byte[] payload)
    {
        var frame = new byte[FrameHeaderBytes + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        payload.CopyTo(frame, FrameHeaderBytes);
        return frame;
    }
}
