using System.Globalization;
using TaskRes.Core.Learning;
using TaskRes.Core.Safetensors;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Learning;

/// <summary>A training run of the reference implementation: what went in, in which order, and all that came out.</summary>
internal sealed class GoldenRun : IDisposable
{
    private readonly SafetensorsFile _file;

    private GoldenRun(string path) => _file = SafetensorsFile.Open(path);

    /// <summary>The run that is in the repository, or one of the larger ones.</summary>
    public static GoldenRun Open(string name) => new(
        name == "taskres_one_batch" ? ReferenceData.Golden($"{name}.safetensors") : ReferenceData.Shared("golden", $"{name}.safetensors"));

    public Matrix Base => MatrixFile.Read(_file, "base");

    public Matrix TestFeatures => MatrixFile.Read(_file, "test_features");

    public Matrix TestLogits => MatrixFile.Read(_file, "test_logits");

    public Matrix Residual => MatrixFile.Read(_file, "residual");

    public float[] Losses => _file.Floats("losses");

    public float[] LearningRates => _file.Floats("lrs");

    public long[,] Order => MatrixFile.ReadIntegers(_file, "order");

    public double LogitScale => Number("logit_scale");

    public SupportSet Support => new(
        [MatrixFile.Read(_file, "features")], [.. _file.Integers("labels").Select(label => (int)label)], Base.Rows);

    public TrainingSettings Settings => new()
    {
        Alpha = Number("alpha"),
        Epochs = (int)Number("epochs"),
        LearningRate = Number("lr"),
        WeightDecay = Number("weight_decay"),
        BatchSize = (int)Number("batch_size"),
    };

    public TrainingResult Fit() => TaskResidualTrainer.Fit(Base, Support, LogitScale, Settings, Order);

    public void Dispose() => _file.Dispose();

    private double Number(string key) => double.Parse(_file.Header.Metadata[key], CultureInfo.InvariantCulture);
}
