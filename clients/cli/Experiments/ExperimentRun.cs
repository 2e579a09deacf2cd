using System.Globalization;
using TaskRes.Cli.Output;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Cli.Experiments;

/// <summary>Measures the cells of a task that the log does not hold yet: shots × seeds × methods.</summary>
/// <param name="task">What is measured.</param>
/// <param name="options">The run's.</param>
/// <param name="log">Where results are, and go.</param>
/// <param name="measured">Told of each new result.</param>
/// <param name="leftOut">Told, once, of each method that cannot be used.</param>
internal sealed class ExperimentRun(IExperimentTask task, ExperimentOptions options, ResultLog log, Action<CellResult> measured, Action<string> leftOut)
{
    /// <summary>Zero-shot draws nothing.</summary>
    private const ulong NoSeed = 0;

    private readonly Dictionary<string, TestSet> _tests = [];
    private readonly Dictionary<string, string> _digests = task.Tests.ToDictionary(test => test, task.Digest);
    private readonly HashSet<string> _leftOut = [];
    private Matrix? _base;

    /// <summary>Every cell of the task, measured or not.</summary>
    public IEnumerable<CellKey> Cells => Fits().SelectMany(fit => task.Tests.Select(test => Key(fit, test)));

    public async Task RunAsync(IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var fits = Fits().ToList();
        var pending = fits.Where(fit => Missing(fit).Any()).ToList();
        FewShotTask? learnt = null;
        for (var done = 0; done < pending.Count; done++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fit = pending[done];
            var step = new Step(fits.Count - pending.Count + done, fits.Count, string.Create(CultureInfo.InvariantCulture, $"{task.Dataset}: {fit.Method}, {fit.Shots} shots, seed {fit.Seed}"));
            progress.Report(step);
            // Fits of the same draw follow one another.
            if (done == 0 || (pending[done - 1].Shots, pending[done - 1].Seed) != (fit.Shots, fit.Seed))
                learnt = await LearntAsync(fit, progress, cancellationToken);
            await MeasureAsync(fit, learnt, progress, cancellationToken);
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

    private IEnumerable<string> Missing(Fit fit) => task.Tests.Where(test => log.Find(Key(fit, test)) is null);

    private CellKey Key(Fit fit, string test) => new(
        _digests[test], test, task.Dataset, fit.Method, fit.Shots, fit.Seed,
        fit.Method == MethodList.ZeroShot ? "" : ExperimentOptions.Describe(MethodList.Settings(fit.Method, options, task.Layout), task.Views));

    private async Task MeasureAsync(Fit fit, FewShotTask? learnt, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        if (learnt is not null && MethodList.Needs(fit.Method, learnt) is { } needs)
        {
            if (_leftOut.Add(fit.Method)) leftOut($"{task.Dataset}: {fit.Method} is left out: it needs {needs}.");
            return;
        }

        var start = TimeProvider.System.GetTimestamp();
        var classifier = learnt is null
            ? FewShotClassifier.ZeroShot(await BaseAsync(progress, cancellationToken), task.LogitScale)
            : await Task.Run(() => FewShotTraining.Run(learnt, Settings(fit), progress: null, cancellationToken).Classifier, cancellationToken);
        var seconds = learnt is null ? 0 : TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        foreach (var name in Missing(fit).ToList())
        {
            var test = await TestAsync(name, progress, cancellationToken);
            var result = new CellResult(
                Key(fit, name), task.Model, 100 * test.Accuracy(classifier.Logits(test.Features)), test.Among?.Count ?? task.Classes, test.Labels.Length, seconds,
                MethodList.MeanResidual(fit.Method, classifier));
            log.Append(result);
            measured(result);
        }
    }

    private TrainingSettings Settings(Fit fit) => MethodList.Settings(fit.Method, options, task.Layout) with { Seed = fit.Seed };

    /// <summary>What a draw's methods learn from; null for the base alone.</summary>
    private async Task<FewShotTask?> LearntAsync(Fit fit, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        if (fit.Shots == 0) return null;
        var support = await task.SupportAsync(fit.Shots, fit.Seed, progress, cancellationToken);
        return task.HasTextBase
            ? FewShotTask.OfBase(await BaseAsync(progress, cancellationToken), support, task.LogitScale) with { TextProjection = task.TextProjection, Prompts = task.Prompts }
            : FewShotTask.OfClassMeans(support, task.LogitScale);
    }

    private async Task<Matrix> BaseAsync(IProgress<Step> progress, CancellationToken cancellationToken) => _base ??= await task.BaseAsync(progress, cancellationToken);

    private async Task<TestSet> TestAsync(string name, IProgress<Step> progress, CancellationToken cancellationToken) =>
        _tests.TryGetValue(name, out var test) ? test : _tests[name] = await task.TestAsync(name, progress, cancellationToken);

    private sealed record Fit(string Method, int Shots, ulong Seed);
}
