using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace TaskRes.Clients.Tests.Sdk;

/// <summary>An HTTP/2 server that is about to stop: it answers every call by closing the connection in good order.</summary>
internal sealed class LeavingServer : IDisposable
{
    private const int PrefaceBytes = 24;
    private const int FrameHeaderBytes = 9;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte GoAway = 7;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _refused;

    public LeavingServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Authority => $"{_listener.LocalEndpoint}";

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
            // Disposed.
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
