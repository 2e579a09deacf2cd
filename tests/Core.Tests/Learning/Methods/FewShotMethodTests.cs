using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Tests.Learning.Methods;

public sealed class FewShotMethodTests
{
    public static TheoryData<string> Names => [.. FewShotMethods.All.Select(method => method.Name)];

    public static TheoryData<string> NamesOfWhatTakesTime => [.. FewShotMethods.All.Select(method => method.Name).Except(["zero-shot", "tip-adapter"])];

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_SmallTask_AgreesWithItsFormulasInDoublePrecision(string name)
    {
        var (task, method) = (new NaiveTask(), FewShotMethods.Find(name));
        var settings = Short(method);

        var fitted = method.Fit(task.Task, settings, cancellationToken: TestContext.Current.CancellationToken);

        var naive = NaiveMethods.Fit(name, task, settings);
        var expected = Plain.Matrix([.. Plain.Rows(task.TestImages).Select(naive.Logits)]);
        var untrained = FewShotClassifier.ZeroShot(task.Task.Base, NaiveTask.Scale).Logits(task.TestImages);
        var actual = fitted.Classifier.Logits(task.TestImages);
        Assert.InRange(Difference.Largest(expected.Values, actual.Values), 0, 2e-3);
        Assert.InRange(Difference.Largest(Array.ConvertAll(naive.Losses, loss => (float)loss), fitted.Losses), 0, 1e-4);
        if (name != "zero-shot") Assert.InRange(Difference.Largest(untrained.Values, actual.Values), 0.2, double.PositiveInfinity);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_CountedForNothing_IsTheBase(string name)
    {
        var task = new NaiveTask();
        var method = FewShotMethods.Find(name);

        var nothing = method.Fit(task.Task, Short(method), cancellationToken: TestContext.Current.CancellationToken).Classifier.Weighted(0);

        var zeroShot = FewShotClassifier.ZeroShot(task.Task.Base, NaiveTask.Scale).Logits(task.TestImages);
        Assert.InRange(Difference.Largest(zeroShot.Values, nothing.Logits(task.TestImages).Values), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_SameSeed_GivesTheSameBits(string name)
    {
        var method = FewShotMethods.Find(name);
        float[] Logits()
        {
            var task = new NaiveTask();
            return method.Fit(task.Task, Short(method), cancellationToken: TestContext.Current.CancellationToken).Classifier.Logits(task.TestImages).Values;
        }

        Assert.Equal(Logits(), Logits());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_Progress_IsToldOfEveryEpochThatIsStepped(string name)
    {
        var (task, method, told) = (new NaiveTask(), FewShotMethods.Find(name), new List<EpochProgress>());

        var fitted = method.Fit(task.Task, Short(method), new Listener(told.Add), TestContext.Current.CancellationToken);

        Assert.Equal(fitted.Losses.Length == 0 ? [] : Enumerable.Range(1, 6), told.Select(epoch => epoch.Epoch));
        Assert.All(told, epoch => Assert.Equal(6, epoch.Epochs));
        if (told.Count > 0) Assert.Equal(fitted.Losses.TakeLast(fitted.Losses.Length / 6).Average(), told[^1].Loss, 1e-5);
    }

    [Theory]
    [MemberData(nameof(NamesOfWhatTakesTime))]
    public void Fit_Cancelled_Ends(string name)
    {
        var (task, method) = (new NaiveTask(), FewShotMethods.Find(name));

        Assert.Throws<OperationCanceledException>(() => method.Fit(task.Task, Short(method), null, new CancellationToken(canceled: true)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Defaults_OfEachMethod_AreValidAndNameIt(string name)
    {
        var defaults = FewShotMethods.Find(name).Defaults;

        defaults.Validate();
        Assert.Equal(name, defaults.Method);
    }

    [Fact]
    public void Find_UnknownName_NamesThoseThatThereAre()
    {
        var refusal = Assert.Throws<TaskResException>(() => FewShotMethods.Find("magic"));

        Assert.Equal((ErrorReason.InvalidField, "settings.method"), (refusal.Reason, refusal.Field));
        Assert.All(Names.Select(row => row.Data).Append("auto"), name => Assert.Contains(name, refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_EnhancedOnRealText_StartsAtTheBase()
    {
        var task = new NaiveTask();

        var objective = new ProjectionObjective(task.Task.Base, task.Task.TextProjection!, NaiveTask.Scale);

        Assert.InRange(Difference.Largest(task.Task.Base.Values, objective.Classes.Values), 0, 1e-5);
    }

    [Theory]
    [InlineData("taskres-enhanced", "text projection")]
    [InlineData("coop", "text tower")]
    public void Fit_WithoutTheTextTower_IsNotApplicable(string name, string needs) => NotApplicable(name, WithoutText(), needs);

    [Fact]
    public void Fit_EnhancedByATallProjection_IsNotApplicable() =>
        NotApplicable("taskres-enhanced", WithoutText() with { TextProjection = new Matrix(17, 16, [.. Enumerable.Range(0, 17 * 16).Select(value => (float)value % 7)]) }, "17 × 16");

    [Fact]
    public void Fit_GaussianOfAMissingClass_IsNotApplicable() =>
        NotApplicable("gda", new NaiveTask().Task.Subset([0, 1, 2, 3, 5, 6, 7, 8]), "an example of each class");

    [Theory]
    [InlineData(1, 1f)] // one example of each class
    [InlineData(3, 1f)] // three times the same
    [InlineData(3, 2f)] // the same at another length
    public void Fit_GaussianWithoutSpread_IsNotApplicable(int copies, float length)
    {
        var pictures = new SyntheticTask(shots: 1);
        var rows = Enumerable.Range(0, 5 * copies).SelectMany(row => pictures.Views[0].Row(row % 5).ToArray().Select(value => row < 5 ? value : length * value));
        var support = new SupportSet([new Matrix(5 * copies, 16, [.. rows])], [.. Enumerable.Range(0, 5 * copies).Select(row => row % 5)], 5);

        NotApplicable("gda", FewShotTask.OfBase(pictures.Base, support, 100), "two different examples");
    }

    private static void NotApplicable(string name, FewShotTask task, string needs)
    {
        var method = FewShotMethods.Find(name);

        var refusal = Assert.Throws<TaskResException>(() => method.Fit(task, method.Defaults));

        Assert.Equal((ErrorReason.MethodNotApplicable, "settings.method", name), (refusal.Reason, refusal.Field, refusal.Metadata["method"]));
        Assert.Contains(needs, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(refusal.Reason, Assert.Throws<TaskResException>(() => FewShotTraining.Run(task, method.Defaults)).Reason);
    }

    private static FewShotTask WithoutText() => new NaiveTask().Task with { TextProjection = null, Prompts = null };

    // Few steps, but long ones: what is learnt must stand out from what is lost in float.
    private static TrainingSettings Short(IFewShotMethod method) =>
        method.Defaults with { Epochs = 6, BatchSize = 8, LearningRate = Math.Max(0.01, method.Defaults.LearningRate), WarmupLearningRate = 1e-3, Seed = 3 };

    private sealed class Listener(Action<EpochProgress> listen) : IProgress<EpochProgress>
    {
        public void Report(EpochProgress value) => listen(value);
    }
}
