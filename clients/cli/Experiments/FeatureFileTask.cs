using TaskRes.Cli.Output;
using TaskRes.Core.Datasets;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Cli.Experiments;

/// <summary>Features that are ready: a seed shuffles the training and draws nothing.</summary>
internal sealed class FeatureFileTask(FeatureFile file, string path, string digest) : IExperimentTask
{
    public string Dataset { get; } = Path.GetFileNameWithoutExtension(path);

    public string Model => file.Backbone ?? "-";

    public IReadOnlyList<string> Tests => [Dataset];

    public IReadOnlyList<int>? Shots => file.Shots;

    public bool HasTextBase => file.Base is not null;

    public int Views => 0;

    public DatasetLayout? Layout => null;

    public Matrix? TextProjection => null;

    public IPromptTower? Prompts => null;

    public int Classes => file.Classes;

    public double LogitScale => file.LogitScale;

    public string Digest(string test) => digest;

    public Task<Matrix> BaseAsync(IProgress<Step> progress, CancellationToken cancellationToken) => Task.FromResult(file.Base!);

    public Task<TestSet> TestAsync(string name, IProgress<Step> progress, CancellationToken cancellationToken) =>
        Task.FromResult(new TestSet(file.Test.Features, file.Test.Labels, Among: null));

    public Task<SupportSet> SupportAsync(int shots, ulong seed, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var train = file.Train(shots);
        return Task.FromResult(new SupportSet([train.Features], train.Labels, file.Classes));
    }
}
