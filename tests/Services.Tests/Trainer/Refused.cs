using Google.Rpc;
using Grpc.Core;

namespace TaskRes.Services.Tests.Trainer;

/// <summary>That a call is refused, and why.</summary>
internal static class Refused
{
    /// <returns>The error's details.</returns>
    public static async Task<ErrorInfo> WithAsync(StatusCode status, string reason, Func<Task> call)
    {
        var exception = await Assert.ThrowsAnyAsync<RpcException>(call);
        var info = exception.GetRpcStatus()?.GetDetail<ErrorInfo>();
        Assert.Equal((status, reason), (exception.StatusCode, info?.Reason));
        return info!;
    }
}
