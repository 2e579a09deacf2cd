using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TaskRes.Core.Learning;

/// <summary>
/// The training step of TaskRes with its gradient written out:
/// <code>
/// n_k = ‖t_k + αx_k‖     t̂_k = (t_k + αx_k) / n_k     ℓ_ek = s · ẑ_e·t̂_k     p_e = softmax ℓ_e
/// ∂L/∂t̂_k = s/B · Σ_e (p_ek − y_ek) ẑ_e
/// ∂L/∂x_k = α/n_k · (∂L/∂t̂_k − (∂L/∂t̂_k · t̂_k) t̂_k)
/// </code>
/// and Adam with a coupled L2 penalty (β 0.9 and 0.999, ε 1e-8). Rows are independent but for the softmax, so the work is
/// split over threads without a change in any bit.
/// </summary>
internal sealed class ResidualDescent
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const float Epsilon = 1e-8f;
    private const int Lanes = 8;

    // Below this much work for a step, in multiplications, other threads cost more than they give.
    private const long WorthThreads = 2_000_000;
    private const int ExamplesPerWorker = 8 * MatrixProducts.TileExamples;

    private readonly int _classes;
    private readonly float _alpha;
    private readonly float _logitScale;
    private readonly float _weightDecay;
    private readonly PaddedRows _base;
    private readonly PaddedRows _directions;
    private readonly PaddedRows _residual;
    private readonly PaddedRows _firstMoment;
    private readonly PaddedRows _secondMoment;
    private readonly PaddedRows _gradient;
    private readonly PaddedRows _batch;
    private readonly PaddedRows _scores;
    private readonly float[] _norms;
    private readonly float[] _losses;
    private readonly ParallelOptions _threads;
    private int _steps;

    /// <param name="baseClassifier">t, K×D.</param>
    /// <param name="batchLength">B.</param>
    /// <param name="logitScale">s.</param>
    /// <param name="settings">α and the penalty.</param>
    /// <param name="threads">The most that work on one step.</param>
    /// <param name="start">What x starts at, K×D; null for zero.</param>
    public ResidualDescent(Matrix baseClassifier, int batchLength, double logitScale, TrainingSettings settings, int threads, Matrix? start = null)
    {
        (_classes, _alpha, _logitScale, _weightDecay) = (baseClassifier.Rows, (float)settings.Alpha, (float)logitScale, (float)settings.WeightDecay);
        _base = PaddedRows.Of(baseClassifier, MatrixProducts.TileClasses);
        _directions = Like(_base);
        _residual = start is null ? Like(_base) : PaddedRows.Of(start, MatrixProducts.TileClasses);
        _firstMoment = Like(_base);
        _secondMoment = Like(_base);
        _gradient = Like(_base);
        _batch = new PaddedRows(batchLength, baseClassifier.Columns, MatrixProducts.TileExamples);
        _scores = new PaddedRows(_batch.Count, _base.Count, MatrixProducts.TileExamples);
        _norms = new float[_classes];
        _losses = new float[batchLength];
        var work = 2L * _batch.Count * _base.Count * _base.Width;
        _threads = new ParallelOptions { MaxDegreeOfParallelism = work < WorthThreads ? 1 : threads };
        for (var row = 0; row < _classes; row++) Turn(row);
    }

    /// <summary>x, K×D.</summary>
    public Matrix Residual => _residual.ToMatrix(_classes);

    /// <summary>One step down the gradient of a batch.</summary>
    /// <param name="features">ẑ of each example, D values, length 1; as many as the batch is long.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="rate">The step size.</param>
    /// <returns>The batch's mean cross-entropy before the step.</returns>
    public float Step(IReadOnlyList<ReadOnlyMemory<float>> features, IReadOnlyList<int> labels, double rate)
    {
        _steps++;
        Run(_batch.Count, ExamplesPerWorker, (first, count) => Differ(features, labels, first, count));
        var stepSize = (float)(rate / (1 - Math.Pow(Beta1, _steps)));
        var correction = (float)Math.Sqrt(1 - Math.Pow(Beta2, _steps));
        Run(_base.Count, MatrixProducts.TileClasses, (first, count) =>
        {
            MatrixProducts.WeightedSums(_scores, _batch, first, _gradient);
            for (var row = first; row < Math.Min(first + count, _classes); row++)
            {
                Descend(row, stepSize, correction);
                Turn(row);
            }
        });
        return (float)(_losses.Sum(loss => (double)loss) / _losses.Length);
    }

    private static PaddedRows Like(PaddedRows rows) => new(rows.Count, rows.Columns, MatrixProducts.TileClasses);

    private void Run(int count, int part, Action<int, int> work)
    {
        if (_threads.MaxDegreeOfParallelism == 1)
            for (var first = 0; first < count; first += part) work(first, Math.Min(part, count - first));
        else Parallel.For(0, (count + part - 1) / part, _threads, index => work(index * part, Math.Min(part, count - (index * part))));
    }

    // Scores become s/B · (p − y), the weights of the gradient; the rows beyond the batch stay zero.
    private void Differ(IReadOnlyList<ReadOnlyMemory<float>> features, IReadOnlyList<int> labels, int first, int count)
    {
        var end = Math.Min(first + count, features.Count);
        for (var example = first; example < end; example++) _batch.Set(example, features[example].Span);
        MatrixProducts.Scores(_batch, _directions, first, count, _scores);
        for (var example = first; example < end; example++)
        {
            var row = _scores.Row(example)[.._classes];
            var label = labels[example];
            TensorPrimitives.Multiply(row, _logitScale, row);
            var (largest, labelled) = (TensorPrimitives.Max(row), row[label]);
            TensorPrimitives.Subtract(row, largest, row);
            TensorPrimitives.Exp(row, row);
            // 1 − p of the label is the sum of the others: a difference from 1 would lose what the last steps live on.
            var ofLabel = row[label];
            row[label] = 0;
            var others = Sum(row);
            row[label] = -others;
            _losses[example] = MathF.Log(others + ofLabel) - (labelled - largest);
            TensorPrimitives.Multiply(row, _logitScale / ((others + ofLabel) * features.Count), row);
        }
    }

    private void Descend(int row, float stepSize, float correction)
    {
        var gradient = Vectors(_gradient, row);
        var direction = Vectors(_directions, row);
        var x = Vectors(_residual, row);
        var m = Vectors(_firstMoment, row);
        var v = Vectors(_secondMoment, row);
        var along = Vector256<float>.Zero;
        for (var i = 0; i < gradient.Length; i++) along = Vector256.FusedMultiplyAdd(gradient[i], direction[i], along);
        var inDirection = Vector256.Create(-Vector256.Sum(along));
        var (scale, decay, epsilon) = (Vector256.Create(_alpha / _norms[row]), Vector256.Create(_weightDecay), Vector256.Create(Epsilon));
        var (fresh1, kept2, fresh2) = (Vector256.Create((float)(1 - Beta1)), Vector256.Create((float)Beta2), Vector256.Create((float)(1 - Beta2)));
        for (var i = 0; i < gradient.Length; i++)
        {
            var g = Vector256.FusedMultiplyAdd(decay, x[i], scale * Vector256.FusedMultiplyAdd(inDirection, direction[i], gradient[i]));
            m[i] = Vector256.FusedMultiplyAdd(fresh1, g - m[i], m[i]);
            v[i] = Vector256.FusedMultiplyAdd(fresh2 * g, g, kept2 * v[i]);
            x[i] -= stepSize * m[i] / ((Vector256.Sqrt(v[i]) / correction) + epsilon);
        }
    }

    // t̂ of one class, after its residual changed.
    private void Turn(int row)
    {
        var t = Vectors(_base, row);
        var x = Vectors(_residual, row);
        var direction = Vectors(_directions, row);
        var (alpha, square) = (Vector256.Create(_alpha), Vector256<float>.Zero);
        for (var i = 0; i < t.Length; i++)
        {
            direction[i] = Vector256.FusedMultiplyAdd(alpha, x[i], t[i]);
            square = Vector256.FusedMultiplyAdd(direction[i], direction[i], square);
        }

        _norms[row] = MathF.Sqrt(Vector256.Sum(square));
        for (var i = 0; i < t.Length; i++) direction[i] /= _norms[row];
    }

    // In one order; TensorPrimitives.Sum follows the width of the machine's vectors.
    private static float Sum(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var sum = Vector256<float>.Zero;
        foreach (var vector in vectors) sum += vector;
        var total = Vector256.Sum(sum);
        foreach (var value in values[(vectors.Length * Lanes)..]) total += value;
        return total;
    }

    private static Span<Vector256<float>> Vectors(PaddedRows rows, int row) => MemoryMarshal.Cast<float, Vector256<float>>(rows.Row(row));
}
