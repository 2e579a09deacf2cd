using Google.Rpc;
using Grpc.Core;
using TaskRes.V1;

namespace TaskRes.Client.Calls;

/// <summary>From the details of google.rpc.Status (AIP-193) to the SDK's exception.</summary>
internal static class ErrorDecoder
{
    private const string Domain = "taskres";

    public static TaskResClientException Decode(RpcException error, Uri address)
    {
        var status = error.GetRpcStatus();
        var info = status?.GetDetail<ErrorInfo>();
        var reason = info?.Domain == Domain ? Reason(info.Reason) : ErrorReason.Unspecified;
        var code = IsCutShort(error) ? StatusCode.Unavailable : error.StatusCode;
        return new TaskResClientException(code, reason, Message(error, code, reason, address), error)
        {
            FieldViolations = [.. status?.GetDetail<BadRequest>()?.FieldViolations.Select(v => new FieldViolation(v.Field, v.Description)) ?? []],
            Metadata = info is null ? new Dictionary<string, string>() : new Dictionary<string, string>(info.Metadata),
            RetryAfter = status?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan(),
        };
    }

    /// <summary>QUEUE_FULL is ErrorReason.QueueFull; a reason of a newer server is unspecified here.</summary>
    private static ErrorReason Reason(string reason) =>
        Enum.TryParse<ErrorReason>(reason.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var known) ? known : ErrorReason.Unspecified;

    /// <summary>A server that leaves in good order (NO_ERROR) may cut a stream that it does not finish: what was said of it is all there is.</summary>
    private static bool IsCutShort(RpcException error)
    {
        for (var cause = error.Status.DebugException; cause is not null; cause = cause.InnerException)
            if (cause is HttpProtocolException { ErrorCode: GoAwayHandler.NoError }) return true;
        return false;
    }

    private static string Message(RpcException error, StatusCode code, ErrorReason reason, Uri server)
    {
        var address = server.OriginalString;
        if (reason != ErrorReason.Unspecified) return error.Status.Detail;
        return code switch
        {
            StatusCode.Unavailable when error.Status.DebugException is { } cause =>
                $"No server answers at {address} ({Innermost(cause)}). Start a server, or give the address of one that runs.",
            StatusCode.DeadlineExceeded => $"The server at {address} did not answer in time. Try again, or allow more time.",
            StatusCode.Unimplemented => $"The server at {address} does not know this call: it is another service, or of another version.",
            _ => $"The server at {address} answered {error.StatusCode}: {error.Status.Detail}",
        };
    }

    private static string Innermost(Exception error) => error.GetBaseException().Message.TrimEnd('.');
}
