using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Encoder;

public sealed class EncoderProcessTests
{
    [Fact]
    public async Task Start_ModelAbsent_ExitsWithOneClearLine()
    {
        using var encoder = new ServiceProcess("TaskRes.Encoder", "--Model:Path=no-such-model");

        await RequireFailedAsync(encoder);
        var line = Assert.Single(encoder.Lines, line => line.Contains("no-such-model", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
        Assert.DoesNotContain(encoder.Lines, line => line.Contains("Unhandled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_NoModelNamed_ExitsNamingTheSetting()
    {
        using var encoder = new ServiceProcess("TaskRes.Encoder");

        await RequireFailedAsync(encoder);
        Assert.Single(encoder.Lines, line => line.Contains("Model:Path", StringComparison.Ordinal));
        Assert.DoesNotContain(encoder.Lines, line => line.Contains("Unhandled", StringComparison.Ordinal));
    }

    // The model fails beside the start of the server: before it, during it or after it, as it happens.
    private static async Task RequireFailedAsync(ServiceProcess encoder)
    {
        var exitCode = await encoder.ExitCodeAsync(TestContext.Current.CancellationToken);
        Assert.True(exitCode == 1, $"exit code {exitCode}: {string.Join('\n', encoder.Lines)}");
    }
}
