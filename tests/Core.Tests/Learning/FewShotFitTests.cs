using TaskRes.Core.Learning;
using TaskRes.Core.Safetensors;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Learning;

public sealed class FewShotFitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("taskres-fit-").FullName;

    private string Features => Path.Combine(_folder, "features.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_GoldenOrder_WritesTheReferencesResidual()
    {
        using var golden = SafetensorsFile.Open(ReferenceData.Golden("taskres_one_batch.safetensors"));
        SafetensorsWriter.Write(
            Features,
            [
                Copy(golden, "features", "train.features"), Copy(golden, "labels", "train.labels"),
                Copy(golden, "features", "test.features"), Copy(golden, "labels", "test.labels"),
                Copy(golden, "base", "base"), Copy(golden, "order", "order"),
            ]);
        var result = Path.Combine(_folder, "result.safetensors");

        var report = Run(Options() with { Test = "test", Order = "order", Out = result });

        using var written = SafetensorsFile.Open(result);
        Assert.Equal(["alpha", "base", "losses", "residual"], written.Header.Tensors.Keys.Order());
        Assert.InRange(Difference.Largest(golden.Floats("residual"), written.Floats("residual")), 0, 1e-4);
        Assert.InRange(Difference.Largest(golden.Floats("losses"), written.Floats("losses")), 0, 1e-4);
        Assert.Equal(golden.Bytes("base"), written.Bytes("base"));
        Assert.Equal([0.5f], written.Floats("alpha"));
        Assert.InRange(report.Accuracy!.Value, report.BaseAccuracy, 100);
    }

    [Fact]
    public void Run_NoTestSet_ReportsTheBaseAndClaimsNothing()
    {
        Write();

        var report = Run(Options());

        Assert.Null(report.Accuracy);
        Assert.InRange(report.BaseAccuracy, 1, 100);
        Assert.Equal(Verdict.InsufficientEvidence, report.Verdict);
    }

    [Fact]
    public void Run_LogitScale_IsTheOptionsThenTheFilesThenAHundred()
    {
        float FirstLoss(double? option, string? metadata)
        {
            Write(metadata: metadata is null ? [] : new() { ["logit_scale"] = metadata });
            var result = Path.Combine(_folder, "result.safetensors");
            Run(Options() with { LogitScale = option, Out = result });
            using var written = SafetensorsFile.Open(result);
            return written.Floats("losses")[0];
        }

        Assert.Equal(FirstLoss(10, null), FirstLoss(null, "10"));
        Assert.Equal(FirstLoss(100, "10"), FirstLoss(null, null));
        Assert.NotEqual(FirstLoss(10, null), FirstLoss(null, null));
        Assert.Equal("logit_scale", Assert.Throws<TaskResException>(() => FirstLoss(null, "warm")).Field);
    }

    [Fact]
    public void Run_ClassMeanBase_NeedsNoBaseTensor()
    {
        Write();

        Assert.Equal(100, Run(Options() with { Base = FewShotFitOptions.ClassMean, Test = "train" }).BaseAccuracy, 20.0);
    }

    [Fact]
    public void Run_FaultyFeatures_AreRefusedWithTheirReason()
    {
        void Refused(ErrorReason reason, FewShotFitOptions options) => Assert.Equal(reason, Assert.Throws<TaskResException>(() => Run(options)).Reason);

        Refused(ErrorReason.CheckpointNotFound, Options());
        Write();
        Refused(ErrorReason.CheckpointMismatch, Options() with { Train = "absent" });
        Refused(ErrorReason.CheckpointMismatch, Options() with { Test = "absent" });
        Refused(ErrorReason.CheckpointMismatch, Options() with { Base = "absent" });
        Refused(ErrorReason.CheckpointMismatch, Options() with { Base = "train.labels" });
        Refused(ErrorReason.CheckpointMismatch, Options() with { Order = "base" });
        Refused(ErrorReason.InvalidField, Options() with { Settings = new() { Method = "magic" } });
        Refused(ErrorReason.InvalidField, Options() with { Out = Path.Combine(_folder, "absent", "r.safetensors") });

        Write(features: values => values[5] = float.NaN);
        Refused(ErrorReason.FeaturesInvalid, Options());
        Write(labels: values => values[3] = 5);
        Refused(ErrorReason.UnknownLabel, Options());
        Write(labels: values => values[3] = -1);
        Refused(ErrorReason.UnknownLabel, Options());
        Write(labels: values => values[3] = long.MaxValue);
        Refused(ErrorReason.UnknownLabel, Options());
        Write(labels: values => values[3] = int.MaxValue - 1);
        Refused(ErrorReason.NoExamples, Options() with { Base = FewShotFitOptions.ClassMean });
        Write(dimensions: 8);
        Refused(ErrorReason.FeaturesInvalid, Options());
        File.WriteAllBytes(Features, [1, 2, 3]);
        Refused(ErrorReason.CheckpointCorrupt, Options());
    }

    private static FitReport Run(FewShotFitOptions options) => FewShotFit.Run(options, cancellationToken: TestContext.Current.CancellationToken);

    private FewShotFitOptions Options() => new() { Features = Features, Train = "train" };

    private void Write(Action<float[]>? features = null, Action<long[]>? labels = null, int dimensions = 16, Dictionary<string, string>? metadata = null)
    {
        var task = new SyntheticTask();
        var (view, numbers) = (new SyntheticTask(dimensions: dimensions).Views[0], Array.ConvertAll(task.Labels, label => (long)label));
        features?.Invoke(view.Values);
        labels?.Invoke(numbers);
        SafetensorsWriter.Write(
            Features,
            [MatrixFile.Tensor("base", task.Base), MatrixFile.Tensor("train.features", view), TensorData.I64("train.labels", numbers, [numbers.Length])],
            metadata);
    }

    private static TensorData Copy(SafetensorsFile file, string name, string newName) =>
        new(newName, file.Entry(name).Type, file.Entry(name).Shape, () => file.Bytes(name).ToArray());
}
