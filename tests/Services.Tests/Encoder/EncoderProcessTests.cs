using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Encoder;

public sealed class EncoderProcessTests
{
    [Fact]
    public async Task Start_ModelAbsent_ExitsWithOneClearLine()
    {
        using var encoder = new ServiceProcess("TaskRes.Encoder", "--Model:Path=no-such-model");

        Assert.Equal(1, await encoder.ExitCodeAsync(TestContext.Current.CancellationToken));
        var line = Assert.Single(encoder.Lines, line => line.Contains("no-such-model", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
        Assert.DoesNotContain(encoder.Lines, line => line.Contains("Unhandled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_NoModelNamed_ExitsNamingTheSetting()
    {
        using var encoder = new ServiceProcess("TaskRes.Encoder");

        Assert.Equal(1, await encoder.ExitCodeAsync(TestContext.Current.CancellationToken));
        Assert.Single(encoder.Lines, line => line.Contains("Model:Path", StringComparison.Ordinal));
        Assert.DoesNotContain(encoder.Lines, line => line.Contains("Unhandled", StringComparison.Ordinal));
    }
}
