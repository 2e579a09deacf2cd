using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trials.Isolation;

/// <summary>How a call was refused; <c>OK</c> where it was not.</summary>
internal sealed record Refusal(string Reason, string Message);

/// <summary>Any RPC of the API, called by its descriptor with a request that only names a resource.</summary>
internal sealed class AnyRpc(MethodDescriptor method)
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static IEnumerable<MethodDescriptor> All => new[] { EncoderService.Descriptor, TrainerService.Descriptor, ClassifierService.Descriptor, TenantService.Descriptor }
        .SelectMany(service => service.Methods);

    public Permission Permission => method.GetOptions().GetExtension(AccessExtensions.Access).Permission;

    private string Path => method.GetOptions().GetExtension(AccessExtensions.Access).Resource;

    public bool HasResource => Path.Length > 0;

    /// <summary>A resource of the kind that the method takes, by the form of its HTTP route or, without one, of its field.</summary>
    public string Resource(string tenant)
    {
        var task = $"tenants/{tenant}/tasks/some";
        if (method.Service == TenantService.Descriptor) return method.Name is "RotateApiKey" or "DeleteApiKey" ? $"tenants/{tenant}/apiKeys/some" : $"tenants/{tenant}";
        return method.Name switch
        {
            "CreateTask" or "ListTasks" or "EncodeImages" or "EncodeTexts" or "EncodeStream" => $"tenants/{tenant}",
            "GetJob" or "WatchJob" or "CancelJob" => $"{task}/jobs/some",
            "GetRevision" or "PromoteRevision" or "ExportRevision" => $"{task}/revisions/some",
            _ => task,
        };
    }

    public async Task<Refusal> CallAsync(ChannelBase channel, string? key, string resource, CancellationToken cancellationToken)
    {
        var headers = key is null ? null : new Metadata { { "authorization", $"Bearer {key}" } };
        var options = new CallOptions(headers, cancellationToken: cancellationToken);
        var type = (method.IsClientStreaming, method.IsServerStreaming) switch
        {
            (false, false) => MethodType.Unary,
            (true, false) => MethodType.ClientStreaming,
            (false, true) => MethodType.ServerStreaming,
            _ => MethodType.DuplexStreaming,
        };
        var rpc = new Method<byte[], byte[]>(type, method.Service.FullName, method.Name, Bytes, Bytes);
        var (invoker, request) = (channel.CreateCallInvoker(), Request(resource));
        try
        {
            return type switch
            {
                MethodType.Unary => Read(await invoker.AsyncUnaryCall(rpc, null, options, request)),
                MethodType.ServerStreaming => await ReadAsync(invoker.AsyncServerStreamingCall(rpc, null, options, request).ResponseStream, cancellationToken),
                MethodType.ClientStreaming => await SendAsync(invoker.AsyncClientStreamingCall(rpc, null, options), request),
                _ => await SendAsync(invoker.AsyncDuplexStreamingCall(rpc, null, options), request, cancellationToken),
            };
        }
        catch (RpcException exception)
        {
            return new Refusal(exception.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? $"{exception.StatusCode}", exception.Status.Detail);
        }
    }

    private static async Task<Refusal> SendAsync(AsyncClientStreamingCall<byte[], byte[]> call, byte[] request)
    {
        using (call)
        {
            await TrySendAsync(call.RequestStream, request);
            await call;
            return new Refusal("OK", "");
        }
    }

    private async Task<Refusal> SendAsync(AsyncDuplexStreamingCall<byte[], byte[]> call, byte[] request, CancellationToken cancellationToken)
    {
        using (call)
        {
            await TrySendAsync(call.RequestStream, request);
            return await ReadAsync(call.ResponseStream, cancellationToken);
        }
    }

    // The server may have refused the call before it reads.
    private static async Task TrySendAsync(IClientStreamWriter<byte[]> stream, byte[] request)
    {
        try
        {
            await stream.WriteAsync(request);
            await stream.CompleteAsync();
        }
        catch (RpcException)
        {
            // The answer says why.
        }
        catch (InvalidOperationException)
        {
            // The call has ended already.
        }
    }

    private async Task<Refusal> ReadAsync(IAsyncStreamReader<byte[]> responses, CancellationToken cancellationToken)
    {
        var refusal = new Refusal("OK", "");
        while (await responses.MoveNext(cancellationToken)) refusal = Read(responses.Current);
        return refusal;
    }

    // An item of a stream carries its own error.
    private Refusal Read(byte[] response)
    {
        var error = method.Name switch
        {
            "ClassifyStream" => ClassifyStreamResponse.Parser.ParseFrom(response).Error,
            "EncodeStream" => EncodeStreamResponse.Parser.ParseFrom(response).Result.Error,
            _ => null,
        };
        return error is null ? new Refusal("OK", "") : new Refusal(System.Text.Json.JsonNamingPolicy.SnakeCaseUpper.ConvertName($"{error.Reason}"), error.Message);
    }

    private byte[] Request(string resource)
    {
        var request = method.InputType.Parser.ParseFrom([]);
        var message = request;
        var fields = Path.Split('.', StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in fields)
        {
            var field = message.Descriptor.FindFieldByName(name);
            if (field.FieldType != FieldType.Message)
            {
                field.Accessor.SetValue(message, resource);
                break;
            }

            var inner = field.MessageType.Parser.ParseFrom([]);
            field.Accessor.SetValue(message, inner);
            message = inner;
        }

        return request.ToByteArray();
    }
}
