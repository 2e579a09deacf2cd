using System.Numerics.Tensors;

namespace TaskRes.Core.Learning;

/// <summary>Takes over what an earlier revision has learnt of the classes that it shares with a task.</summary>
public static class WarmStart
{
    /// <param name="earlier">Trained on the same encoder.</param>
    /// <param name="classNames">K names: those that the revision has, by name, and others.</param>
    /// <param name="alpha">The α that x will be weighed by.</param>
    /// <returns>x of K×D with the same αx as the revision's for each class that it has, and zeros for the others.</returns>
    /// <exception cref="TaskResException">InvalidField where the two have no class in common, or α is 0.</exception>
    public static Matrix Residual(Revision earlier, IReadOnlyList<string> classNames, double alpha)
    {
        if (alpha == 0) throw TaskResException.Invalid("settings.alpha", "with 0 nothing that was learnt would count.");
        var start = Matrix.Zeros(classNames.Count, earlier.Residual.Columns);
        var rows = earlier.ClassNames.Select((name, row) => (name, row)).ToDictionary(pair => pair.name, pair => pair.row, StringComparer.Ordinal);
        var shared = 0;
        for (var index = 0; index < classNames.Count; index++)
        {
            if (!rows.TryGetValue(classNames[index], out var row)) continue;
            shared++;
            TensorPrimitives.Multiply(earlier.Residual.Row(row), (float)(earlier.Alpha / alpha), start.Values.AsSpan(index * start.Columns, start.Columns));
        }
        return shared > 0 ? start : throw TaskResException.Invalid("warm_start", $"revision {earlier.Id} has no class in common with the task.");
    }
}
