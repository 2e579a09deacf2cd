namespace TaskRes.Core.Tests.Clip;

/// <summary>What transformers are made of, in double precision and loops, with nothing of the product's.</summary>
internal abstract class NaiveTower(IReadOnlyDictionary<string, (float[] Values, long[] Shape)> tensors)
{
    /// <param name="q">What asks, a row for each token.</param>
    /// <param name="k">What answers.</param>
    /// <param name="v">And with what.</param>
    /// <param name="heads">Parts of a row that ask by themselves.</param>
    /// <param name="causal">Whether the i-th sees only the first i + 1.</param>
    protected static double[][] Attention(double[][] q, double[][] k, double[][] v, int heads, bool causal = false)
    {
        var headWidth = q[0].Length / heads;
        double[][] output = [.. q.Select(row => new double[row.Length])];
        for (var head = 0; head < heads; head++)
            for (var i = 0; i < q.Length; i++)
            {
                double[] weights =
                    [.. k.Take(causal ? i + 1 : k.Length).Select(key => Math.Exp(Enumerable.Range(head * headWidth, headWidth).Sum(c => q[i][c] * key[c]) / Math.Sqrt(headWidth)))];
                foreach (var c in Enumerable.Range(head * headWidth, headWidth)) output[i][c] = weights.Select((weight, j) => weight * v[j][c]).Sum() / weights.Sum();
            }

        return output;
    }

    protected double[][] Linear(double[][] x, string name) => Linear(x, Values($"{name}.weight"), Values($"{name}.bias"));

    protected static double[][] Linear(double[][] x, float[] weight, float[] bias) =>
        [.. x.Select(row => bias.Select((offset, output) => offset + row.Select((value, input) => value * weight[(output * row.Length) + input]).Sum()).ToArray())];

    protected double[][] Norm(double[][] x, string name, double eps)
    {
        var (weight, bias) = (Values($"{name}.weight"), Values($"{name}.bias"));
        return
        [
            .. x.Select(row =>
            {
                var mean = row.Average();
                var deviation = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + eps);
                return row.Select((value, c) => ((value - mean) / deviation * weight[c]) + bias[c]).ToArray();
            }),
        ];
    }

    /// <summary>A row of a tensor whose last dimension is a row's length.</summary>
    protected double[] Row(string name, int row)
    {
        var width = (int)tensors[name].Shape[^1];
        return [.. Values(name).AsSpan(row * width, width).ToArray().Select(value => (double)value)];
    }

    protected float[] Values(string name) => tensors[name].Values;

    protected static double[][] Sum(double[][] a, double[][] b) => [.. a.Zip(b, Sum)];

    protected static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
