using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TaskRes.Cli.Models;
using TaskRes.Cli.Output;
using TaskRes.Core.Clip;
using TaskRes.Core.Datasets;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Cli.Experiments;

/// <summary>Datasets that are read, encoded once and kept.</summary>
internal sealed class EncodedTask : IExperimentTask
{
    private const int EvaluationView = 0;

    private readonly ClipEncoder _encoder;
    private readonly ImageDataset _dataset;
    private readonly Dictionary<string, ImageDataset> _tests;
    private readonly string[] _prompts;
    private readonly string _cache;

    /// <param name="encoder">What encodes; it outlives the task.</param>
    /// <param name="dataset">What shots are drawn from.</param>
    /// <param name="tests">What is tested on: the dataset itself, or others of the same classes.</param>
    /// <param name="layout">The dataset's; null for a folder of the user's own.</param>
    /// <param name="cache">The folder of kept features.</param>
    /// <param name="options">The run's.</param>
    public EncodedTask(ClipEncoder encoder, ImageDataset dataset, IReadOnlyList<ImageDataset> tests, DatasetLayout? layout, string cache, ExperimentOptions options)
    {
        (_encoder, _dataset, _cache) = (encoder, dataset, cache);
        _tests = tests.ToDictionary(test => test.Name);
        var templates = layout is null ? options.Templates : PromptTemplates.ByDataset[layout.Name];
        _prompts = [.. dataset.ClassNames.SelectMany(name => templates.Select(template => PromptTemplates.Render(template, name, !options.KeepUnderscores)))];
        (Layout, Views) = (layout, options.Views);
    }

    public string Dataset => _dataset.Name;

    public required string Model { get; init; }

    public IReadOnlyList<string> Tests => [.. _tests.Keys];

    public IReadOnlyList<int>? Shots => null;

    public bool HasTextBase => true;

    public int Views { get; }

    public DatasetLayout? Layout { get; }

    public Matrix? TextProjection => _encoder.TextProjection;

    public IPromptTower? Prompts { get; init; }

    public int Classes => _dataset.ClassNames.Count;

    public double LogitScale => _encoder.Info.LogitScale;

    public string Digest(string test) =>
        DigestOf([$"{_encoder.Info.Fingerprint} {_encoder.Info.Precision}", .. _prompts, .. Listing(_dataset.Train), test, .. Listing(_tests[test].Test)]);

    public async Task<Matrix> BaseAsync(IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var store = FeatureStore.Open(_cache, _encoder.Info, "texts");
        var texts = await store.GetAsync(
            _prompts, places => LocalEmbedding.TextsAsync(_encoder, [.. places.Select(place => _prompts[place])], progress, cancellationToken), "prompts", progress, cancellationToken);
        var templates = _prompts.Length / Classes;
        return BaseClassifier.FromPrompts([.. Enumerable.Range(0, Classes).Select(label => Enumerable.Range(0, templates).Select(i => texts.Row((label * templates) + i).ToArray()).ToList())]);
    }

    public async Task<TestSet> TestAsync(string name, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var test = _tests[name];
        var features = await FeaturesAsync(test, [.. test.Test.Select(image => new ImageView(image.Path, EvaluationView))], progress, cancellationToken);
        return new TestSet(features, [.. test.Test.Select(image => image.Label)], test.TestClasses);
    }

    public async Task<SupportSet> SupportAsync(int shots, ulong seed, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var drawn = FewShotDraw.Of(_dataset, shots, seed).Train;
        var all = await FeaturesAsync(
            _dataset, [.. Enumerable.Range(0, Views + 1).SelectMany(view => drawn.Select(image => new ImageView(image.Path, view)))], progress, cancellationToken);
        var views = Enumerable.Range(0, Views + 1).Select(view =>
            new Matrix(drawn.Count, all.Columns, all.Values.AsSpan(view * drawn.Count * all.Columns, drawn.Count * all.Columns).ToArray()));
        return new SupportSet([.. views], [.. drawn.Select(image => image.Label)], Classes);
    }

    /// <summary>Features by path, length and view: an image that another takes the place of is encoded anew, unless it is as long to the byte.</summary>
    private async Task<Matrix> FeaturesAsync(ImageDataset dataset, ImageView[] views, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var store = FeatureStore.Open(_cache, _encoder.Info, $"{dataset.Name}-{DigestOf([dataset.Root])[..8]}");
        var lengths = views.Select(view => view.Path).Distinct().ToDictionary(path => path, path => new FileInfo(Path.Combine(dataset.Root, path)).Length);
        string[] keys = [.. views.Select(view => string.Create(CultureInfo.InvariantCulture, $"{view.Path}?{lengths[view.Path]}#{view.View}"))];
        ImageView[] files = [.. views.Select(view => view with { Path = Path.Combine(dataset.Root, view.Path) })];
        return await store.GetAsync(
            keys, places => LocalEmbedding.ViewsAsync(_encoder, [.. places.Select(place => files[place])], progress, cancellationToken), dataset.Name, progress, cancellationToken);
    }

    private static IEnumerable<string> Listing(IEnumerable<LabelledImage> images) => images.Select(image => $"{image.Label} {image.Path}");

    private static string DigestOf(IEnumerable<string> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in lines) hash.AppendData(Encoding.UTF8.GetBytes(line + '\n'));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
