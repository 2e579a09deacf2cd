using System.Numerics.Tensors;
using TaskRes.Core.Learning.Descent;

namespace TaskRes.Core.Learning;

/// <summary>
/// The labelled examples a task is trained on. Images are encoded once, so augmentation is a choice among stored views: each
/// epoch each example takes part with one of its views.
/// </summary>
public sealed class SupportSet
{
    private readonly float[][] _lengths;

    /// <param name="views">V matrices of N×D image features, normalised or not; view 0 is the evaluation crop.</param>
    /// <param name="labels">N class indices below <paramref name="classes"/>.</param>
    /// <param name="classes">K.</param>
    /// <exception cref="TaskResException">
    /// NoExamples without any; FeaturesInvalid where sizes differ, or a value is not finite, or a row is zero; UnknownLabel.
    /// </exception>
    public SupportSet(IReadOnlyList<Matrix> views, int[] labels, int classes)
    {
        if (views.Count == 0 || views[0].Rows == 0)
            throw new TaskResException(ErrorReason.NoExamples, "There are no examples to train on: add one of each class at the least.") { Field = "examples" };
        LabelCheck.Validate(labels, views[0].Rows, classes);
        for (var view = 0; view < views.Count; view++)
        {
            if (views[view].Rows != views[0].Rows || views[view].Columns != views[0].Columns)
                throw new TaskResException(ErrorReason.FeaturesInvalid, $"views[{view}] is {views[view].Rows} × {views[view].Columns} and views[0] is {views[0].Rows} × {views[0].Columns}.") { Field = $"views[{view}]" };
            views[view].EnsureFinite($"views[{view}]");
        }
        Views = [.. views.Select((view, index) => view.Normalized($"views[{index}]"))];
        _lengths = [.. views.Select(view => Enumerable.Range(0, view.Rows).Select(row => TensorPrimitives.Norm(view.Row(row))).ToArray())];
        Labels = labels;
        Classes = classes;
    }

    /// <summary>V matrices of N×D, rows L2-normalised; view 0 is the evaluation crop.</summary>
    public IReadOnlyList<Matrix> Views { get; }

    /// <summary>A feature vector by its row of the stacked views, <c>view × N + example</c>.</summary>
    internal ReadOnlyMemory<float> Feature(long row)
    {
        var (view, example) = Math.DivRem(row, Count);
        return Views[(int)view].Values.AsMemory((int)example * Dimensions, Dimensions);
    }

    /// <summary>Some rows of the stacked views, with what length they had.</summary>
    internal Batch Batch(long[] rows)
    {
        var features = Matrix.Zeros(rows.Length, Dimensions);
        var lengths = new float[rows.Length];
        for (var index = 0; index < rows.Length; index++)
        {
            Feature(rows[index]).Span.CopyTo(features.Values.AsSpan(index * Dimensions));
            var (view, example) = Math.DivRem(rows[index], Count);
            lengths[index] = _lengths[view][example];
        }
        return new Batch(features, lengths, Array.ConvertAll(rows, row => Labels[row % Count]));
    }

    /// <summary>The same with some of the examples alone.</summary>
    /// <param name="examples">Their indices.</param>
    /// <exception cref="TaskResException">NoExamples where there are none.</exception>
    public SupportSet Subset(IReadOnlyList<int> examples) => new(
        [.. Views.Select((view, index) => Raw(view, _lengths[index], examples))],
        [.. examples.Select(example => Labels[example])],
        Classes);

    /// <summary>View 0 as it came, of some examples.</summary>
    internal Matrix RawFeatures(IReadOnlyList<int> examples) => Raw(Views[0], _lengths[0], examples);

    /// <summary>N class indices.</summary>
    public int[] Labels { get; }

    /// <summary>K.</summary>
    public int Classes { get; }

    /// <summary>N.</summary>
    public int Count => Labels.Length;

    /// <summary>D.</summary>
    public int Dimensions => Views[0].Columns;

    /// <summary>Examples of the class that has the most.</summary>
    public int Shots => Labels.CountBy(label => label).Max(pair => pair.Value);

    private static Matrix Raw(Matrix view, float[] lengths, IReadOnlyList<int> examples)
    {
        var raw = Dense.Rows(view, examples);
        for (var row = 0; row < examples.Count; row++)
        {
            var values = raw.Values.AsSpan(row * raw.Columns, raw.Columns);
            TensorPrimitives.Multiply(values, lengths[examples[row]], values);
        }
        return raw;
    }
}
