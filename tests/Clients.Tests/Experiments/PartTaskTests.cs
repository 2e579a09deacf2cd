using TaskRes.Cli.Experiments;
using TaskRes.Cli.Output;
using TaskRes.Core;
using TaskRes.Core.Datasets;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Clients.Tests.Experiments;

public sealed class PartTaskTests
{
    private static readonly IProgress<Step> Nobody = new Progress<Step>();

    [Fact]
    public async Task Of_FiveClassesInTwo_SharesThemOut()
    {
        var parts = PartTask.Of(new Whole(), 2).ToList();

        Assert.Equal(["whole 1/2", "whole 2/2"], parts.Select(part => part.Dataset));
        Assert.Equal([2, 3], parts.Select(part => part.Classes));
        Assert.Equal(["whole 2/2"], parts[1].Tests);
        Assert.NotEqual(parts[0].Digest("whole 1/2"), parts[1].Digest("whole 2/2"));
        var test = await parts[1].TestAsync("whole 2/2", Nobody, TestContext.Current.CancellationToken);
        Assert.Equal([0, 2, 1], test.Labels); // of 2, 4, 3
        Assert.Equal([2f, 4f, 3f], test.Features.Values.Where((_, place) => place % 2 == 0));
        Assert.Equal([0, 1], test.Among!);
        var support = await parts[1].SupportAsync(1, 1, Nobody, TestContext.Current.CancellationToken);
        Assert.Equal((3, 2), (support.Classes, support.Views.Count));
        Assert.Equal([0, 1, 2], support.Labels);
        var baseClassifier = await parts[1].BaseAsync(Nobody, TestContext.Current.CancellationToken);
        Assert.Equal([2f, 0, 3f, 0, 4f, 0], baseClassifier.Values);
    }

    [Fact]
    public void Of_OnePart_IsTheTaskItself()
    {
        var whole = new Whole();

        Assert.Same(whole, Assert.Single(PartTask.Of(whole, 1)));
    }

    [Fact]
    public void Of_PartsOfOneClass_AreRefused() =>
        Assert.Equal(ErrorReason.InvalidField, Assert.Throws<TaskResException>(() => PartTask.Of(new Whole(), 3)).Reason);

    /// <summary>Five classes; each feature's first value is its class.</summary>
    private sealed class Whole : IExperimentTask
    {
        public string Dataset => "whole";

        public string Model => "m";

        public IReadOnlyList<string> Tests => ["whole"];

        public IReadOnlyList<int>? Shots => null;

        public bool HasTextBase => true;

        public int Views => 1;

        public DatasetLayout? Layout => null;

        public int Classes => 5;

        public double LogitScale => 100;

        public Matrix? TextProjection => null;

        public IPromptTower? Prompts => null;

        public string Digest(string test) => $"digest of {test}";

        public Task<Matrix> BaseAsync(IProgress<Step> progress, CancellationToken cancellationToken) => Task.FromResult(Features([0, 1, 2, 3, 4]));

        public Task<TestSet> TestAsync(string name, IProgress<Step> progress, CancellationToken cancellationToken)
        {
            int[] labels = [2, 0, 4, 1, 3];
            return Task.FromResult(new TestSet(Features(labels), labels, [0, 2, 3]));
        }

        public Task<SupportSet> SupportAsync(int shots, ulong seed, IProgress<Step> progress, CancellationToken cancellationToken)
        {
            int[] labels = [0, 1, 2, 3, 4];
            var features = new Matrix(5, 2, [.. labels.SelectMany(label => new float[] { label, 1 })]);
            return Task.FromResult(new SupportSet([features, features], labels, 5));
        }

        private static Matrix Features(int[] labels) => new(labels.Length, 2, [.. labels.SelectMany(label => new float[] { label, 0 })]);
    }
}
