using System.Globalization;
using TaskRes.Cli.Output;
using TaskRes.Core.Learning;

namespace TaskRes.Cli.Experiments;

/// <summary>Measures the cells of a task that the log does not hold yet: shots × seeds × methods.</summary>
internal sealed class ExperimentRun(IExperimentTask task, ExperimentOptions options, ResultLog log, Action<CellResult> measured)
{
    /// <summary>Zero-shot draws nothing.</summary>
    private const ulong NoSeed = 0;

    private readonly Dictionary<string, TestSet> _tests = [];
    private readonly Dictionary<string, string> _digests = task.Tests.ToDictionary(test => test, task.Digest);
    private Matrix? _base;

    /// <summary>Every cell of the task, measured or not.</summary>
    public IEnumerable<CellKey> Cells => Fits().SelectMany(fit => task.Tests.Select(test => Key(fit, test)));

    public async Task RunAsync(IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var fits = Fits().ToList();
        var pending = fits.Where(fit => Missing(fit).Any()).ToList();
        SupportSet? support = null;
        for (var done = 0; done < pending.Count; done++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fit = pending[done];
            var step = new Step(fits.Count - pending.Count + done, fits.Count, string.Create(CultureInfo.InvariantCulture, $"{task.Dataset}: {fit.Method}, {fit.Shots} shots, seed {fit.Seed}"));
            progress.Report(step);
            // Fits of the same draw follow one another.
            if (done == 0 || (pending[done - 1].Shots, pending[done - 1].Seed) != (fit.Shots, fit.Seed))
                support = fit.Shots == 0 ? null : await task.SupportAsync(fit.Shots, fit.Seed, progress, cancellationToken);
            await MeasureAsync(fit, support, progress, cancellationToken);
        }
    }

    /// <summary>Zero-shot first, then every draw with every method.</summary>
    private IEnumerable<Fit> Fits()
    {
        if (task.HasTextBase) yield return new Fit(MethodList.ZeroShot, 0, NoSeed);
        foreach (var shots in options.Shots.Where(shots => shots > 0 && task.Shots?.Contains(shots) != false))
            foreach (var seed in options.Seeds)
                foreach (var method in task.HasTextBase ? options.Methods.Where(method => method != MethodList.ZeroShot) : options.Methods.Prepend(MethodList.ZeroShot).Distinct())
                    yield return new Fit(method, shots, seed);
    }

    private IEnumerable<string> Missing(Fit fit) => task.Tests.Where(test => !log.Has(Key(fit, test)));

    private CellKey Key(Fit fit, string test) => new(
        _digests[test], test, task.Dataset, fit.Method, fit.Shots, fit.Seed, fit.Method == MethodList.ZeroShot ? "" : ExperimentOptions.Describe(task.Settings, task.Views));

    private async Task MeasureAsync(Fit fit, SupportSet? support, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var baseClassifier = await BaseAsync(support, progress, cancellationToken);
        var start = TimeProvider.System.GetTimestamp();
        var fitted = await Task.Run(
            () => support is null
                ? MethodList.FitZeroShot(baseClassifier, task.LogitScale)
                : MethodList.Fit(fit.Method, baseClassifier, support, task.LogitScale, task.Settings with { Seed = fit.Seed }, cancellationToken),
            cancellationToken);
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        var residual = fitted.Residual?.Values.Average(value => Math.Abs((double)value));
        foreach (var name in Missing(fit).ToList())
        {
            var test = await TestAsync(name, progress, cancellationToken);
            var result = new CellResult(
                Key(fit, name), task.Model, 100 * test.Accuracy(fitted.Logits(test.Features)), test.Among?.Count ?? task.Classes, test.Labels.Length, seconds, residual);
            log.Append(result);
            measured(result);
        }
    }

    private async Task<Matrix> BaseAsync(SupportSet? support, IProgress<Step> progress, CancellationToken cancellationToken) => task.HasTextBase
        ? _base ??= await task.BaseAsync(progress, cancellationToken)
        : BaseClassifier.FromClassMeans(support!.Views[0], support.Labels, support.Classes);

    private async Task<TestSet> TestAsync(string name, IProgress<Step> progress, CancellationToken cancellationToken) =>
        _tests.TryGetValue(name, out var test) ? test : _tests[name] = await task.TestAsync(name, progress, cancellationToken);

    private sealed record Fit(string Method, int Shots, ulong Seed);
}
