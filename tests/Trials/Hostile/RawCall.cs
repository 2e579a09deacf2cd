using Google.Protobuf.Reflection;
using Grpc.Core;

namespace TaskRes.Trials.Hostile;

/// <summary>An RPC with bytes for its messages, whatever they are.</summary>
internal sealed class RawCall(MethodDescriptor method)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    /// <summary>How the call ended, DeadlineExceeded where it hung, and its last response.</summary>
    public async Task<(Status Status, byte[] Response)> RunAsync(ChannelBase channel, string key, IEnumerable<byte[]> messages, CancellationToken cancellationToken)
    {
        var headers = new Metadata { { "authorization", $"Bearer {key}" } };
        var options = new CallOptions(headers, (TimeProvider.System.GetUtcNow() + Deadline).UtcDateTime, cancellationToken);
        var rpc = new Method<byte[], byte[]>(MethodType.DuplexStreaming, method.Service.FullName, method.Name, Bytes, Bytes);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(rpc, null, options);
        byte[] response = [];
        try
        {
            await SendAsync(call.RequestStream, messages, cancellationToken);
            while (await call.ResponseStream.MoveNext(cancellationToken)) response = call.ResponseStream.Current;
            return (Status.DefaultSuccess, response);
        }
        catch (RpcException exception)
        {
            return (exception.Status, response);
        }
    }

    // The server may refuse the call before it has read all.
    private static async Task SendAsync(IClientStreamWriter<byte[]> stream, IEnumerable<byte[]> messages, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var message in messages) await stream.WriteAsync(message, cancellationToken);
            await stream.CompleteAsync();
        }
        catch (Exception exception) when (exception is InvalidOperationException or RpcException)
        {
            // The end of the call says why.
        }
    }
}
