using Google.Protobuf.Reflection;
using Grpc.Core;

namespace TaskRes.Services.Tests.Hostile;

/// <summary>An RPC with bytes for its request, whatever they are.</summary>
internal sealed class RawCall(MethodDescriptor method)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    /// <summary>How the call ended; DeadlineExceeded where it hung.</summary>
    public async Task<Status> RunAsync(ChannelBase channel, string key, byte[] request, CancellationToken cancellationToken)
    {
        var headers = new Metadata { { "authorization", $"Bearer {key}" } };
        var options = new CallOptions(headers, (TimeProvider.System.GetUtcNow() + Deadline).UtcDateTime, cancellationToken);
        var rpc = new Method<byte[], byte[]>(MethodType.DuplexStreaming, method.Service.FullName, method.Name, Bytes, Bytes);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(rpc, null, options);
        try
        {
            await SendAsync(call.RequestStream, request);
            while (await call.ResponseStream.MoveNext(cancellationToken)) { }
            return Status.DefaultSuccess;
        }
        catch (RpcException exception)
        {
            return exception.Status;
        }
    }

    // The server may refuse the call before it has read all.
    private static async Task SendAsync(IClientStreamWriter<byte[]> stream, byte[] request)
    {
        try
        {
            await stream.WriteAsync(request);
            await stream.CompleteAsync();
        }
        catch (Exception exception) when (exception is InvalidOperationException or RpcException)
        {
            // The end of the call says why.
        }
    }
}
