using System.Numerics.Tensors;

namespace TaskRes.Core.Learning;

/// <summary>How alike two revisions are in what they learnt of the classes that both have.</summary>
/// <param name="SharedClasses">Their names.</param>
/// <param name="ResidualCosine">The cosine of the two residuals over these classes, all rows as one vector; 0 where one has none there.</param>
/// <param name="ClassifierCosine">The mean cosine of the two class vectors t + αx.</param>
public sealed record RevisionSimilarity(IReadOnlyList<string> SharedClasses, double ResidualCosine, double ClassifierCosine)
{
    /// <exception cref="TaskResException">EncoderMismatch; InvalidField where they have no class in common.</exception>
    public static RevisionSimilarity Of(Revision left, Revision right)
    {
        right.RequireEncoder(left.EncoderFingerprint);
        var rows = right.ClassNames.Select((name, row) => (name, row)).ToDictionary(pair => pair.name, pair => pair.row, StringComparer.Ordinal);
        var shared = left.ClassNames.Select((name, row) => (Name: name, Left: row)).Where(pair => rows.ContainsKey(pair.Name)).ToList();
        if (shared.Count == 0) throw TaskResException.Invalid("revisions", "they have no class in common.");
        var (dot, square, otherSquare, cosines) = (0.0, 0.0, 0.0, 0.0);
        foreach (var (name, row) in shared)
        {
            var x = left.Residual.Row(row);
            var y = right.Residual.Row(rows[name]);
            dot += TensorPrimitives.Dot(x, y);
            square += TensorPrimitives.Dot(x, x);
            otherSquare += TensorPrimitives.Dot(y, y);
            cosines += TensorPrimitives.CosineSimilarity<float>(ClassVector(left, row), ClassVector(right, rows[name]));
        }
        var lengths = Math.Sqrt(square) * Math.Sqrt(otherSquare);
        return new RevisionSimilarity([.. shared.Select(pair => pair.Name)], lengths > 0 ? dot / lengths : 0, cosines / shared.Count);
    }

    private static float[] ClassVector(Revision revision, int row)
    {
        var vector = new float[revision.Base.Columns];
        TensorPrimitives.MultiplyAdd(revision.Residual.Row(row), (float)revision.Alpha, revision.Base.Row(row), vector);
        return vector;
    }
}
