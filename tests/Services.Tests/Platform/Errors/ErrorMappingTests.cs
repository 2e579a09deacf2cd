using Google.Rpc;
using Grpc.Core;
using TaskRes.Core;
using TaskRes.Platform.Errors;

namespace TaskRes.Services.Tests.Platform.Errors;

public sealed class ErrorMappingTests
{
    public static TheoryData<ErrorReason> Reasons => [.. Enum.GetValues<ErrorReason>()];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void ToRpcException_EveryReason_HasStatusAndComesBackTheSame(ErrorReason reason)
    {
        var error = new TaskResException(reason, "What is wrong.") { Metadata = new Dictionary<string, string> { ["limit"] = "3" } };
        var exception = ErrorMapping.ToRpcException(error);
        Assert.Equal(ErrorMapping.StatusOf(reason), exception.StatusCode);
        Assert.NotEqual(StatusCode.OK, exception.StatusCode);

        var info = exception.GetRpcStatus()!.GetDetail<ErrorInfo>();
        Assert.Equal("taskres", info.Domain);
        Assert.Matches("^[A-Z]+(_[A-Z]+)*$", info.Reason);
        Assert.Equal("3", info.Metadata["limit"]);
        Assert.Equal(reason, ItemErrors.ToException(exception, ErrorReason.Internal).Reason);
        Assert.Equal(reason, ItemErrors.ToException(ItemErrors.From(error)).Reason);
    }

    [Fact]
    public void ToStatus_FieldAtFault_BadRequestNamesIt()
    {
        var status = ErrorMapping.ToStatus(TaskResException.OverLimit("task.class_names", 6000, 5000, "classes"));
        var violation = Assert.Single(status.GetDetail<BadRequest>().FieldViolations);
        Assert.Equal("task.class_names", violation.Field);
        Assert.Equal("5000", status.GetDetail<ErrorInfo>().Metadata["limit"]);
    }

    [Fact]
    public void ToStatus_QueueFull_QuotaFailureAndRetryInfo()
    {
        var status = ErrorMapping.ToStatus(new TaskResException(ErrorReason.QueueFull, "Full.") { RetryAfter = TimeSpan.FromSeconds(2) });
        Assert.NotNull(status.GetDetail<QuotaFailure>());
        Assert.Equal(TimeSpan.FromSeconds(2), status.GetDetail<RetryInfo>().RetryDelay.ToTimeSpan());
    }

    [Theory]
    [InlineData(ErrorReason.RegistryUnavailable, "1500")]
    [InlineData(ErrorReason.QueueFull, null)]
    public void ToRpcException_WaitingHelps_TellsGrpcsOwnRetriesWhereTheyAreMade(ErrorReason reason, string? pushback)
    {
        var exception = ErrorMapping.ToRpcException(new TaskResException(reason, "Later.") { RetryAfter = TimeSpan.FromSeconds(1.5) });
        Assert.Equal(pushback, exception.Trailers.GetValue(ErrorMapping.PushbackTrailer));
    }

    [Fact]
    public void ToStatus_PreconditionNotMet_PreconditionFailureSaysWhatToDo()
    {
        foreach (var reason in Enum.GetValues<ErrorReason>())
        {
            var task = new Dictionary<string, string> { ["class"] = "cat", ["task"] = "tenants/a/tasks/t" };
            var failure = ErrorMapping.ToStatus(new TaskResException(reason, "Nothing to serve: train the task.") { Field = "f", Metadata = task }).GetDetail<PreconditionFailure>();
            Assert.Equal(ErrorMapping.StatusOf(reason) == StatusCode.FailedPrecondition, failure is not null);
            if (failure is null) continue;
            var violation = Assert.Single(failure.Violations);
            Assert.Equal((ErrorMapping.NameOf(reason), "tenants/a/tasks/t", "Nothing to serve: train the task."), (violation.Type, violation.Subject, violation.Description));
        }

        var field = ErrorMapping.ToStatus(new TaskResException(ErrorReason.CheckpointMismatch, "m") { Field = "visual.proj" });
        Assert.Equal("visual.proj", field.GetDetail<PreconditionFailure>().Violations[0].Subject);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, ErrorReason.EncoderUnavailable)]
    [InlineData(StatusCode.DeadlineExceeded, ErrorReason.DeadlineExceeded)]
    [InlineData(StatusCode.Cancelled, ErrorReason.Cancelled)]
    public void ToException_StatusWithoutDetails_FallsBackByCode(StatusCode code, ErrorReason expected) =>
        Assert.Equal(expected, ItemErrors.ToException(new RpcException(new Grpc.Core.Status(code, "raw")), ErrorReason.EncoderUnavailable).Reason);

    [Fact]
    public void ToException_ReasonOfANewerPeer_Internal() =>
        Assert.Equal(ErrorReason.Internal, ItemErrors.ToException(new V1.ItemError { Reason = (V1.ErrorReason)9999, Message = "new" }).Reason);
}
