using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Learning;

/// <summary>Matrices and labels as tensors of a file.</summary>
internal static class MatrixFile
{
    /// <summary>A tensor of two dimensions, checked finite.</summary>
    /// <exception cref="TaskResException">CheckpointMismatch where it is missing or of another rank; FeaturesInvalid.</exception>
    public static Matrix Read(SafetensorsFile file, string name)
    {
        var (rows, columns) = Size(file, name);
        return new Matrix(rows, columns, file.Floats(name)).EnsureFinite(name);
    }

    /// <summary>A tensor of two dimensions of integers.</summary>
    public static long[,] ReadIntegers(SafetensorsFile file, string name)
    {
        var (rows, columns) = Size(file, name);
        var integers = new long[rows, columns];
        Buffer.BlockCopy(file.Integers(name), 0, integers, 0, checked(rows * columns * sizeof(long)));
        return integers;
    }

    public static TensorData Tensor(string name, Matrix matrix) => TensorData.F32(name, matrix.Values, [matrix.Rows, matrix.Columns]);

    private static (int Rows, int Columns) Size(SafetensorsFile file, string name)
    {
        var entry = file.Entry(name);
        if (entry.Shape is [>= 0 and <= int.MaxValue, > 0 and <= int.MaxValue]) return ((int)entry.Shape[0], (int)entry.Shape[1]);
        throw new TaskResException(ErrorReason.CheckpointMismatch, $"Tensor '{name}' has the shape {entry.ShapeText} where rows × columns are needed.") { Field = name };
    }
}
