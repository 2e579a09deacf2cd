using TaskRes.Cli.Output;

namespace TaskRes.Cli.Tenants;

/// <summary>Bytes as steps of a bar.</summary>
/// <param name="steps">Where the bar is.</param>
/// <param name="what">What is being done.</param>
/// <param name="total">Null where nobody knows how much there is: then the bar stays empty, and its words say how much there was.</param>
internal sealed class TransferProgress(IProgress<Step> steps, string what, long? total) : IProgress<long>
{
    private const double Mebi = 1 << 20;

    public void Report(long value) => steps.Report(new Step(total is null ? 0 : value, total ?? 1, $"{what}, {value / Mebi:N1} MiB"));
}
