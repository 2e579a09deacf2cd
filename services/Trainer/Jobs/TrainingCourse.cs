namespace TaskRes.Trainer.Jobs;

/// <summary>How a training went until now: an evenly thinned list of its epochs, so that a late watcher sees the whole curve. Immutable, equal by content.</summary>
internal sealed class TrainingCourse(IReadOnlyList<CoursePoint> points) : IEquatable<TrainingCourse>
{
    public static TrainingCourse Empty { get; } = new([]);

    public IReadOnlyList<CoursePoint> Points { get; } = points;

    public bool Equals(TrainingCourse? other) => other is not null && Points.SequenceEqual(other.Points);

    public override bool Equals(object? obj) => Equals(obj as TrainingCourse);

    public override int GetHashCode() => Points.Count == 0 ? 0 : HashCode.Combine(Points.Count, Points[^1]);
}

/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean loss of its steps.</param>
/// <param name="Accuracy">Share of its examples that were classified right before their step, 0 to 1; null where the method does not tell.</param>
internal readonly record struct CoursePoint(int Epoch, float Loss, float? Accuracy);

/// <summary>Gathers a course as the epochs pass; one owner.</summary>
internal sealed class CourseRecorder
{
    private const int MostPoints = 200;

    private readonly List<CoursePoint> _kept = [];
    private int _stride = 1;

    /// <returns>The course with this epoch as its last point.</returns>
    public TrainingCourse Add(CoursePoint point)
    {
        var isKept = Keeps(point);
        if (isKept) _kept.Add(point);
        if (_kept.Count == MostPoints)
        {
            _stride *= 2;
            _kept.RemoveAll(earlier => !Keeps(earlier));
            isKept = Keeps(point);
        }

        return new TrainingCourse(isKept ? [.. _kept] : [.. _kept, point]);
    }

    // The first is where the curve begins.
    private bool Keeps(CoursePoint point) => point.Epoch == 1 || point.Epoch % _stride == 0;
}
