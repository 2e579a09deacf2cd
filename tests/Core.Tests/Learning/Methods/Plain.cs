using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning.Methods;

/// <summary>The formulas that all methods share, in double precision and by plain loops.</summary>
internal static class Plain
{
    public static double[][] Rows(Matrix matrix) => [.. Enumerable.Range(0, matrix.Rows).Select(row => Array.ConvertAll(matrix.Row(row).ToArray(), value => (double)value))];

    public static Matrix Matrix(IReadOnlyList<double[]> rows) => new(rows.Count, rows[0].Length, [.. rows.SelectMany(row => row).Select(value => (float)value)]);

    public static double[] Flat(IEnumerable<double[]> rows) => [.. rows.SelectMany(row => row)];

    public static double Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    public static double[] Sum(double[] left, double[] right, double factor = 1) => [.. left.Zip(right, (a, b) => a + (factor * b))];

    public static double[] Scaled(double[] vector, double factor) => Array.ConvertAll(vector, value => factor * value);

    public static double Length(double[] vector) => Math.Sqrt(Dot(vector, vector));

    public static double[] Unit(double[] vector) => Scaled(vector, 1 / Length(vector));

    /// <summary>s · ẑ · t̂ᵀ.</summary>
    public static double[] Cosines(double scale, double[] image, IEnumerable<double[]> classes) => [.. classes.Select(row => scale * Dot(image, row) / (Length(image) * Length(row)))];

    public static double[] Softmax(double[] logits)
    {
        var exponentials = Array.ConvertAll(logits, logit => Math.Exp(logit - logits.Max()));
        return Scaled(exponentials, 1 / exponentials.Sum());
    }

    public static double CrossEntropy(double[] logits, int label)
    {
        var largest = logits.Max();
        return Math.Log(logits.Sum(logit => Math.Exp(logit - largest))) + largest - logits[label];
    }

    /// <summary>A·B.</summary>
    public static double[][] Product(double[][] left, double[][] right)
    {
        var product = Array.ConvertAll(left, _ => new double[right[0].Length]);
        for (var row = 0; row < left.Length; row++)
            for (var i = 0; i < right.Length; i++)
                for (var column = 0; column < right[i].Length; column++) product[row][column] += left[row][i] * right[i][column];
        return product;
    }

    public static double[][] Transposed(double[][] rows) => [.. Enumerable.Range(0, rows[0].Length).Select(column => Array.ConvertAll(rows, row => row[column]))];

    /// <summary>By Gauss and Jordan, with pivots.</summary>
    public static double[][] Inverse(double[][] matrix)
    {
        var size = matrix.Length;
        var work = matrix.Select((row, index) => row.Concat(Enumerable.Range(0, size).Select(column => column == index ? 1.0 : 0)).ToArray()).ToArray();
        for (var column = 0; column < size; column++)
        {
            var pivot = Enumerable.Range(column, size - column).MaxBy(row => Math.Abs(work[row][column]));
            (work[column], work[pivot]) = (work[pivot], work[column]);
            work[column] = Scaled(work[column], 1 / work[column][column]);
            for (var row = 0; row < size; row++)
                if (row != column) work[row] = Sum(work[row], work[column], -work[row][column]);
        }
        return [.. work.Select(row => row[size..])];
    }

    /// <summary>Of a symmetric matrix, by squaring it until one direction is left.</summary>
    public static double LargestEigenvalue(double[][] matrix)
    {
        var power = matrix;
        for (var squaring = 0; squaring < 30; squaring++)
        {
            var product = Product(power, power);
            var largest = product.Max(row => row.Max(Math.Abs));
            power = [.. product.Select(row => Scaled(row, 1 / largest))];
        }
        var vector = Unit(power.MaxBy(Length)!);
        return Length([.. matrix.Select(row => Dot(row, vector))]);
    }
}
