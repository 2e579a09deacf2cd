using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using TaskRes.Core;
using TaskRes.V1;

namespace TaskRes.Platform.Errors;

/// <summary>The one table from reasons to gRPC status codes (AIP-193), and the details of a status.</summary>
public static class ErrorMapping
{
    /// <summary>Of every google.rpc.ErrorInfo.</summary>
    public const string Domain = "taskres";

    private const string ProtoPrefix = "ERROR_REASON_";

    // Variables that name a resource, the narrowest first.
    private static readonly string[] Subjects = ["revision", "task", "tenant"];

    public static StatusCode StatusOf(Core.ErrorReason reason) => reason switch
    {
        Core.ErrorReason.Internal => StatusCode.Internal,
        Core.ErrorReason.InvalidField => StatusCode.InvalidArgument,
        Core.ErrorReason.LimitExceeded => StatusCode.InvalidArgument,
        Core.ErrorReason.ImageUnreadable => StatusCode.InvalidArgument,
        Core.ErrorReason.ImageTooLarge => StatusCode.InvalidArgument,
        Core.ErrorReason.ImageBytesRequired => StatusCode.NotFound,
        Core.ErrorReason.CheckpointNotFound => StatusCode.FailedPrecondition,
        Core.ErrorReason.CheckpointCorrupt => StatusCode.FailedPrecondition,
        Core.ErrorReason.CheckpointUnsupported => StatusCode.FailedPrecondition,
        Core.ErrorReason.CheckpointMismatch => StatusCode.FailedPrecondition,
        Core.ErrorReason.TokenizerInvalid => StatusCode.FailedPrecondition,
        Core.ErrorReason.FeaturesInvalid => StatusCode.InvalidArgument,
        Core.ErrorReason.UnknownLabel => StatusCode.InvalidArgument,
        Core.ErrorReason.TaskNotFound => StatusCode.NotFound,
        Core.ErrorReason.TaskAlreadyExists => StatusCode.AlreadyExists,
        Core.ErrorReason.RevisionNotFound => StatusCode.NotFound,
        Core.ErrorReason.JobNotFound => StatusCode.NotFound,
        Core.ErrorReason.NoLiveRevision => StatusCode.FailedPrecondition,
        Core.ErrorReason.NoExamples => StatusCode.FailedPrecondition,
        Core.ErrorReason.EncoderMismatch => StatusCode.FailedPrecondition,
        Core.ErrorReason.RevisionCorrupt => StatusCode.DataLoss,
        Core.ErrorReason.Conflict => StatusCode.Aborted,
        Core.ErrorReason.QueueFull => StatusCode.ResourceExhausted,
        Core.ErrorReason.RegistryUnavailable => StatusCode.Unavailable,
        Core.ErrorReason.EncoderUnavailable => StatusCode.Unavailable,
        Core.ErrorReason.DeadlineExceeded => StatusCode.DeadlineExceeded,
        Core.ErrorReason.Cancelled => StatusCode.Cancelled,
        Core.ErrorReason.ShuttingDown => StatusCode.Unavailable,
        Core.ErrorReason.DeviceUnavailable => StatusCode.FailedPrecondition,
        Core.ErrorReason.Unauthenticated => StatusCode.Unauthenticated,
        Core.ErrorReason.PermissionDenied => StatusCode.PermissionDenied,
        Core.ErrorReason.TenantNotFound => StatusCode.NotFound,
        Core.ErrorReason.TenantAlreadyExists => StatusCode.AlreadyExists,
        Core.ErrorReason.TenantSuspended => StatusCode.PermissionDenied,
        Core.ErrorReason.ApiKeyNotFound => StatusCode.NotFound,
        Core.ErrorReason.QuotaExceeded => StatusCode.ResourceExhausted,
        Core.ErrorReason.MethodNotApplicable => StatusCode.FailedPrecondition,
        Core.ErrorReason.RevisionHarms => StatusCode.FailedPrecondition,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "The reason has no status."),
    };

    /// <summary>The reason as in google.rpc.ErrorInfo: INVALID_FIELD.</summary>
    public static string NameOf(Core.ErrorReason reason) =>
        ErrorsReflection.Descriptor.EnumTypes[0].FindValueByNumber((int)reason).Name[ProtoPrefix.Length..];

    /// <summary>The types of the details, which JSON has to know by name.</summary>
    public static TypeRegistry DetailTypes { get; } = TypeRegistry.FromMessages(ErrorInfo.Descriptor, BadRequest.Descriptor, QuotaFailure.Descriptor, PreconditionFailure.Descriptor, RetryInfo.Descriptor);

    public static RpcException ToRpcException(TaskResException error) => ToStatus(error).ToRpcException();

    /// <summary>ErrorInfo always; BadRequest where a field is at fault; RetryInfo where waiting helps, QuotaFailure where load was refused, PreconditionFailure where something must be so first.</summary>
    public static Google.Rpc.Status ToStatus(TaskResException error)
    {
        var info = new ErrorInfo { Domain = Domain, Reason = NameOf(error.Reason) };
        info.Metadata.Add(error.Metadata.ToDictionary());
        var status = new Google.Rpc.Status { Code = (int)StatusOf(error.Reason), Message = error.Message, Details = { Any.Pack(info) } };

        if (error.Field is { } field && StatusOf(error.Reason) == StatusCode.InvalidArgument)
            status.Details.Add(Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = field, Description = error.Message, Reason = info.Reason } } }));
        if (StatusOf(error.Reason) == StatusCode.ResourceExhausted)
            status.Details.Add(Any.Pack(new QuotaFailure { Violations = { new QuotaFailure.Types.Violation { Subject = error.Metadata.GetValueOrDefault("subject", error.Metadata.GetValueOrDefault("queue", "queue")), Description = error.Message } } }));
        if (StatusOf(error.Reason) == StatusCode.FailedPrecondition)
            status.Details.Add(Any.Pack(new PreconditionFailure { Violations = { new PreconditionFailure.Types.Violation { Type = info.Reason, Subject = SubjectOf(error), Description = error.Message } } }));
        if (error.RetryAfter is { } delay)
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        return status;
    }

    private static string SubjectOf(TaskResException error) =>
        Subjects.Select(name => error.Metadata.GetValueOrDefault(name)).FirstOrDefault(name => name is not null) ?? error.Field ?? "service";
}
