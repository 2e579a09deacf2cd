using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning;

/// <summary>A seeded few-shot task: each class a random direction, its examples scattered around it.</summary>
internal sealed class SyntheticTask
{
    public const double LogitScale = 100;

    private readonly Random _random;
    private readonly int _classes;

    public SyntheticTask(int classes = 5, int dimensions = 16, int shots = 4, int views = 1, int seed = 7)
    {
        _random = new Random(seed);
        _classes = classes;
        var centres = Noise(classes, dimensions, 1);
        Base = Sum(centres, Noise(classes, dimensions, 2));
        Labels = [.. Enumerable.Range(0, classes * shots).Select(index => index % classes)];
        Views = [.. Enumerable.Range(0, views).Select(_ => Around(centres))];
    }

    public Matrix Base { get; }

    public int[] Labels { get; }

    public IReadOnlyList<Matrix> Views { get; }

    public SupportSet Support => new(Views, Labels, _classes);

    /// <summary>A text projection of noise, D×D.</summary>
    public static Matrix Projection(int dimensions) => new SyntheticTask(dimensions, dimensions, shots: 1).Base;

    public TrainingResult Fit(TrainingSettings settings) => TaskResidualTrainer.Fit(Base, Support, LogitScale, settings);

    /// <summary>A revision of this task with a residual of noise.</summary>
    public Revision Revision() => new()
    {
        ClassNames = [.. Enumerable.Range(0, _classes).Select(index => $"class {index} ü")],
        Templates = [PromptTemplates.Default],
        BaseKind = BaseKind.Prompts,
        Base = Base,
        Residual = Noise(_classes, Base.Columns, 0.1),
        Alpha = 0.5,
        LogitScale = LogitScale,
        EncoderFingerprint = "0123abcd",
        Settings = new TrainingSettings { Epochs = 3, Seed = ulong.MaxValue },
        Method = TrainingSettings.TaskRes,
        ExampleDigests = [new string('a', 64), new string('0', 64)],
        Measured = new Measurements(0.9, 1 / 3.0, 0.25f),
    };

    private Matrix Around(Matrix centres) =>
        Sum(new Matrix(Labels.Length, centres.Columns, [.. Labels.SelectMany(label => centres.Row(label).ToArray())]), Noise(Labels.Length, centres.Columns, 0.9));

    private Matrix Noise(int rows, int columns, double scale) =>
        new(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => (float)(scale * ((2 * _random.NextDouble()) - 1)))]);

    private static Matrix Sum(Matrix left, Matrix right) => new(left.Rows, left.Columns, [.. left.Values.Zip(right.Values, (a, b) => a + b)]);
}
