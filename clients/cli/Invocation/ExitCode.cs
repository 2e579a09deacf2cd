namespace TaskRes.Cli.Invocation;

/// <summary>What scripts see.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int BadUsage = 2;
}
