namespace TaskRes.Core.Tests.Learning;

/// <summary>How far two vectors are apart.</summary>
internal static class Difference
{
    /// <summary>The largest absolute difference of two elements in the same place.</summary>
    public static double Largest(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = 0.0;
        for (var index = 0; index < expected.Length; index++)
        {
            var difference = Math.Abs((double)expected[index] - actual[index]);
            if (!(difference <= largest)) largest = difference; // NaN counts as largest
        }
        return largest;
    }
}
