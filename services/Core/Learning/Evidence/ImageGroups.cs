namespace TaskRes.Core.Learning.Evidence;

/// <summary>
/// Which examples are of one source image: crops, copies and re-encodings of a picture lie so near to each other that one held
/// out would be known from another. They are kept together.
/// </summary>
internal static class ImageGroups
{
    /// <summary>The cosine from which two embeddings are taken to be of one picture.</summary>
    public const float SamePicture = 0.999f;

    private const int BlockRows = 512;

    /// <param name="features">N×D, rows of length 1.</param>
    /// <returns>For each example the first of its group.</returns>
    public static int[] Of(Matrix features)
    {
        var parents = Enumerable.Range(0, features.Rows).ToArray();
        for (var first = 0; first < features.Rows; first += BlockRows)
        {
            var block = Enumerable.Range(first, Math.Min(BlockRows, features.Rows - first)).ToArray();
            var cosines = Dense.RowProducts(Dense.Rows(features, block), Dense.Rows(features, [.. Enumerable.Range(0, first + block.Length)]));
            for (var row = 0; row < block.Length; row++)
                for (var other = 0; other < block[row]; other++)
                    if (cosines.Row(row)[other] >= SamePicture) Join(parents, other, block[row]);
        }
        return [.. parents.Select((_, example) => Root(parents, example))];
    }

    private static void Join(int[] parents, int left, int right)
    {
        var (a, b) = (Root(parents, left), Root(parents, right));
        parents[Math.Max(a, b)] = Math.Min(a, b);
    }

    private static int Root(int[] parents, int example)
    {
        while (parents[example] != example) example = parents[example] = parents[parents[example]];
        return example;
    }
}
