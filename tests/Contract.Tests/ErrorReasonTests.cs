using CoreReason = TaskRes.Core.ErrorReason;
using ProtoReason = TaskRes.V1.ErrorReason;

namespace TaskRes.Contract.Tests;

public sealed class ErrorReasonTests
{
    [Fact]
    public void ErrorReason_OfCoreAndOfTheProto_HaveTheSameMembers()
    {
        (string, int)[] core = [.. Enum.GetValues<CoreReason>().Select(reason => (reason.ToString(), (int)reason))];
        (string, int)[] proto = [.. Enum.GetValues<ProtoReason>()
            .Where(reason => reason != ProtoReason.Unspecified).Select(reason => (reason.ToString(), (int)reason))];
        Assert.Equal(proto, core);
    }
}
