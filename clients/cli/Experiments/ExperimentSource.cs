using TaskRes.Core;
using TaskRes.Core.Clip;
using TaskRes.Core.Datasets;

namespace TaskRes.Cli.Experiments;

/// <summary>The tasks of a run, each made when its turn comes: an encoder is in memory only while its tasks are measured.</summary>
/// <param name="options">The run's.</param>
/// <param name="data">The folder of the public datasets; null for none of them.</param>
/// <param name="datasets">Which of them; null for those that are trained on.</param>
/// <param name="folders">The user's own.</param>
/// <param name="cache">The folder of kept features.</param>
internal sealed class ExperimentSource(ExperimentOptions options, string? data, IReadOnlyList<string>? datasets, IReadOnlyList<string> folders, string cache)
{
    private readonly HashSet<(string Model, string Dataset)> _seen = [];
    private readonly HashSet<string> _models = [];

    /// <summary>Measures the task of a file of features.</summary>
    public async Task WithFeaturesAsync(string path, Func<IExperimentTask, Task> measure)
    {
        using var file = FeatureFile.Open(path);
        var task = new FeatureFileTask(file, path, FeatureFile.Digest(path));
        RequireNew(task);
        await measure(task);
    }

    /// <summary>Measures the tasks of an encoder.</summary>
    public async Task WithModelAsync(ClipLoadOptions model, Func<IExperimentTask, Task> measure)
    {
        // The lists first: what is missing is said before anything long begins.
        var sets = Sets();
        // The reference code does not turn photographs upright; a user's own are read as they are served.
        using var encoder = ClipEncoder.Load(model with { ApplyExifOrientation = data is null });
        var name = _models.Add(encoder.Info.Architecture) ? encoder.Info.Architecture : $"{encoder.Info.Architecture} {encoder.Info.Name}";
        foreach (var (trained, tests, layout) in sets)
        {
            using var prompts = options.Methods.Contains(MethodList.CoOp) ? PromptTower.Load(model, trained.ClassNames) : null;
            var task = new EncodedTask(encoder, trained, tests, layout, cache, options) { Model = name, Prompts = prompts };
            RequireNew(task);
            await measure(task);
        }
    }

    /// <summary>What is trained on, with what is tested on: shifted test sets go with the dataset that they shift.</summary>
    private List<(ImageDataset Trained, IReadOnlyList<ImageDataset> Tests, DatasetLayout? Layout)> Sets()
    {
        var sets = new List<(ImageDataset, IReadOnlyList<ImageDataset>, DatasetLayout?)>();
        if (data is not null)
        {
            var layouts = datasets?.Select(FewShotDatasets.Find).Distinct().ToList() ?? FewShotDatasets.All.Where(layout => layout.TrainedOn is null).ToList();
            foreach (var group in layouts.GroupBy(layout => layout.TrainedOn ?? layout.Name))
            {
                var layout = FewShotDatasets.Find(group.Key);
                var trained = layout.Read(data);
                sets.Add((trained, [.. group.Select(tested => tested == layout ? trained : SameClasses(tested.Read(data), trained))], layout));
            }
        }

        sets.AddRange(folders.Select(folder => ClassFolderDataset.Read(folder)).Select(folder => (folder, (IReadOnlyList<ImageDataset>)[folder], (DatasetLayout?)null)));
        return sets;
    }

    private static ImageDataset SameClasses(ImageDataset tested, ImageDataset trained) => tested.ClassNames.SequenceEqual(trained.ClassNames)
        ? tested
        : throw new TaskResException(ErrorReason.UnknownLabel, $"{tested.Name} has other classes than {trained.Name}: classnames.txt must be the same for both.") { Field = tested.Root };

    private void RequireNew(IExperimentTask task)
    {
        if (!_seen.Add((task.Model, task.Dataset))) throw TaskResException.Invalid("datasets", $"'{task.Dataset}' is there twice; rename one of the two.");
    }
}
