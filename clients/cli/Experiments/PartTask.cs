using System.Globalization;
using TaskRes.Cli.Output;
using TaskRes.Core;
using TaskRes.Core.Datasets;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Cli.Experiments;

/// <summary>Some of a task's classes as a task of their own: many tasks of different difficulty out of one dataset.</summary>
internal sealed class PartTask : IExperimentTask
{
    private readonly IExperimentTask _whole;
    private readonly int[] _classes;
    private readonly Dictionary<int, int> _labels;
    private readonly string _part;

    private PartTask(IExperimentTask whole, int[] classes, string part)
    {
        (_whole, _classes, _part) = (whole, classes, part);
        _labels = classes.Select((label, place) => (label, place)).ToDictionary(pair => pair.label, pair => pair.place);
    }

    public string Dataset => _whole.Dataset + _part;

    public string Model => _whole.Model;

    public IReadOnlyList<string> Tests => [.. _whole.Tests.Select(test => test + _part)];

    public IReadOnlyList<int>? Shots => _whole.Shots;

    public bool HasTextBase => _whole.HasTextBase;

    public int Views => _whole.Views;

    public DatasetLayout? Layout => _whole.Layout;

    public int Classes => _classes.Length;

    public double LogitScale => _whole.LogitScale;

    public Matrix? TextProjection => _whole.TextProjection;

    /// <summary>The tower's prompts are those of all classes.</summary>
    public IPromptTower? Prompts => null;

    /// <summary>A task cut into so many, of neighbouring classes and nearly equal size.</summary>
    /// <exception cref="TaskResException">InvalidField where a part would have fewer than two classes.</exception>
    public static IEnumerable<IExperimentTask> Of(IExperimentTask task, int parts)
    {
        if (parts == 1) return [task];
        if (task.Classes < 2 * parts) throw TaskResException.Invalid("parts", $"{task.Dataset} has {task.Classes} classes, too few for {parts} tasks.");
        return Enumerable.Range(0, parts).Select(part =>
        {
            var (first, end) = (part * task.Classes / parts, (part + 1) * task.Classes / parts);
            return new PartTask(task, [.. Enumerable.Range(first, end - first)], string.Create(CultureInfo.InvariantCulture, $" {part + 1}/{parts}"));
        });
    }

    public string Digest(string test) => $"{_whole.Digest(Whole(test))}{_part}";

    public async Task<Matrix> BaseAsync(IProgress<Step> progress, CancellationToken cancellationToken) => Rows(await _whole.BaseAsync(progress, cancellationToken), _classes);

    public async Task<TestSet> TestAsync(string name, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var test = await _whole.TestAsync(Whole(name), progress, cancellationToken);
        var (images, labels) = Within(test.Labels);
        if (images.Length == 0) throw new TaskResException(ErrorReason.NoExamples, $"{name}: there are no images of its classes to test on.") { Field = name };
        return new TestSet(Rows(test.Features, images), labels, test.Among is null ? null : [.. test.Among.Where(_labels.ContainsKey).Select(label => _labels[label])]);
    }

    public async Task<SupportSet> SupportAsync(int shots, ulong seed, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var support = await _whole.SupportAsync(shots, seed, progress, cancellationToken);
        var (examples, labels) = Within(support.Labels);
        return new SupportSet([.. support.Views.Select(view => Rows(view, examples))], labels, Classes);
    }

    private string Whole(string test) => test[..^_part.Length];

    private (int[] Places, int[] Labels) Within(int[] labels)
    {
        int[] places = [.. Enumerable.Range(0, labels.Length).Where(place => _labels.ContainsKey(labels[place]))];
        return (places, [.. places.Select(place => _labels[labels[place]])]);
    }

    private static Matrix Rows(Matrix matrix, int[] rows) => Matrix.FromRows([.. rows.Select(row => matrix.Row(row).ToArray())], "features");
}
