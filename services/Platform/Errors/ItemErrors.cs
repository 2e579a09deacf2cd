using Google.Rpc;
using Grpc.Core;
using TaskRes.Core;
using TaskRes.V1;

namespace TaskRes.Platform.Errors;

/// <summary>Errors of single items, and of calls to another service, between their protos and <see cref="TaskResException"/>.</summary>
public static class ItemErrors
{
    public static ItemError From(TaskResException error) => new()
    {
        Reason = (V1.ErrorReason)error.Reason,
        Message = error.Message,
        Field = error.Field ?? "",
        Metadata = { error.Metadata.ToDictionary() },
    };

    public static TaskResException ToException(ItemError error) => new(Known((int)error.Reason), error.Message)
    {
        Field = error.Field is "" ? null : error.Field,
        Metadata = error.Metadata.ToDictionary(),
    };

    /// <summary>What another service of the suite answered; <paramref name="fallback"/> where the status carries no reason of ours.</summary>
    public static TaskResException ToException(RpcException exception, Core.ErrorReason fallback)
    {
        var status = exception.GetRpcStatus();
        var info = status?.GetDetail<ErrorInfo>();
        if (info?.Domain != ErrorMapping.Domain) return new TaskResException(WithoutReason(exception.StatusCode, fallback), $"The call failed with {exception.StatusCode}.", exception);
        return new TaskResException(Named(info.Reason), status!.Message, exception)
        {
            Field = status.GetDetail<BadRequest>()?.FieldViolations.FirstOrDefault()?.Field,
            Metadata = info.Metadata.ToDictionary(),
            RetryAfter = status.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan(),
        };
    }

    private static Core.ErrorReason WithoutReason(StatusCode code, Core.ErrorReason fallback) => code switch
    {
        StatusCode.Cancelled => Core.ErrorReason.Cancelled,
        StatusCode.DeadlineExceeded => Core.ErrorReason.DeadlineExceeded,
        _ => fallback,
    };

    // A newer peer may know reasons that this one does not.
    private static Core.ErrorReason Known(int reason) =>
        System.Enum.IsDefined((Core.ErrorReason)reason) ? (Core.ErrorReason)reason : Core.ErrorReason.Internal;

    private static Core.ErrorReason Named(string name) =>
        System.Enum.GetValues<Core.ErrorReason>().Where(reason => ErrorMapping.NameOf(reason) == name).DefaultIfEmpty(Core.ErrorReason.Internal).First();
}
