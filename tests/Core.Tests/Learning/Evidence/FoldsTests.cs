using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Evidence;

namespace TaskRes.Core.Tests.Learning.Evidence;

public sealed class FoldsTests
{
    [Theory]
    [InlineData(5, 8, 4)]
    [InlineData(7, 3, 2)]
    [InlineData(3, 20, 20)]
    public void Of_DistinctPictures_HoldsEachOutOnceAndClassesEvenly(int classes, int shots, int count)
    {
        var support = new SyntheticTask(classes, shots: shots).Support;

        var folds = Folds.Of(support, count, seed: 1);

        Assert.Equal(Math.Min(count, shots), folds.Count);
        Assert.Equal(Enumerable.Range(0, support.Count), folds.SelectMany(fold => fold.HeldOut).Order());
        foreach (var fold in folds)
        {
            Assert.Equal(Enumerable.Range(0, support.Count), fold.Train.Concat(fold.HeldOut).Order());
            var held = Enumerable.Range(0, classes).Select(label => fold.HeldOut.Count(example => support.Labels[example] == label)).ToList();
            Assert.All(held, each => Assert.InRange(each, shots / folds.Count, (shots + folds.Count - 1) / folds.Count));
            Assert.InRange(fold.HeldOut.Length, classes * shots / folds.Count, (classes * shots / folds.Count) + 1);
        }
    }

    [Fact]
    public void Of_FewerPicturesThanFolds_KeepsTheFoldsEven()
    {
        // One class of six pictures, the others of two.
        int[] labels = [0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3];

        var folds = Folds.Of(new SupportSet([Random(12)], labels, 4), 6, seed: 1);

        Assert.Equal(6, folds.Count);
        Assert.All(folds, fold => Assert.Equal(2, fold.HeldOut.Length));
        Assert.All(folds, fold => Assert.Equal(4, fold.Train.Select(example => labels[example]).Distinct().Count()));
    }

    [Fact]
    public void Of_Copies_AreNeverOnBothSidesAndCountOnce()
    {
        var (features, labels) = Copies(pictures: 24, copies: 3, labels: picture => picture % 4);

        var folds = Folds.Of(new SupportSet([features], labels, 4), 4, seed: 1);

        Assert.Equal(4, folds.Count);
        Assert.Equal(Enumerable.Range(0, 24), folds.SelectMany(fold => fold.HeldOut).Order());
        Assert.All(folds, fold => Assert.Equal(3 * (24 - fold.HeldOut.Length), fold.Train.Length));
        foreach (var fold in folds)
            Assert.Empty(fold.Train.Select(example => example % 24).Intersect(fold.HeldOut.Select(example => example % 24)));
    }

    [Fact]
    public void Of_ClassOfOnePicture_IsNeverHeldOut()
    {
        // Class 3 has one picture in three copies.
        var (features, labels) = Copies(pictures: 10, copies: 3, labels: picture => picture == 9 ? 3 : picture % 3);

        var folds = Folds.Of(new SupportSet([features], labels, 4), 4, seed: 1);

        Assert.NotEmpty(folds);
        Assert.DoesNotContain(folds.SelectMany(fold => fold.HeldOut), example => labels[example] == 3);
        Assert.All(folds, fold => Assert.Equal(4, fold.Train.Select(example => labels[example]).Distinct().Count()));
    }

    [Fact]
    public void Of_PictureOfTwoLabels_IsNeverHeldOut()
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            // Picture 0 is an example of class 0 and, in its copy, the only one of class 2.
            var (features, _) = Copies(pictures: 8, copies: 2, labels: _ => 0);
            int[] labels = [0, 0, 0, 0, 1, 1, 1, 1, 2, 0, 0, 0, 1, 1, 1, 1];

            var folds = Folds.Of(new SupportSet([features], labels, 3), 2, seed);

            Assert.Equal(2, folds.Count);
            Assert.DoesNotContain(folds.SelectMany(fold => fold.HeldOut), example => example % 8 == 0);
            Assert.All(folds, fold => Assert.Equal(3, fold.Train.Select(example => labels[example]).Distinct().Count()));
        }
    }

    [Theory]
    [InlineData(1, 1)] // one picture of each class
    [InlineData(1, 4)] // in four copies
    public void Of_NothingToSpare_IsNone(int shots, int copies)
    {
        var (features, labels) = Copies(pictures: 5 * shots, copies, labels: picture => picture % 5);

        Assert.Empty(Folds.Of(new SupportSet([features], labels, 5), 4, seed: 1));
    }

    [Fact]
    public void Of_OneSeed_IsTheSame()
    {
        var support = new SyntheticTask(shots: 8).Support;
        string Of(ulong seed) => string.Join('|', Folds.Of(support, 4, seed).Select(fold => string.Join(' ', fold.HeldOut)));

        Assert.Equal(Of(1), Of(1));
        Assert.NotEqual(Of(1), Of(2));
    }

    [Fact]
    public void Groups_CopiesAndWhatIsNearACopy_AreOnePicture()
    {
        // Each a little further round the circle; neighbours are copies and the first is far from the last.
        var angle = 0.9 * Math.Acos(ImageGroups.SamePicture);
        float[][] rows = [.. Enumerable.Range(0, 6).Select(step => new[] { (float)Math.Cos(step * angle), (float)Math.Sin(step * angle) }), [-1, 0], [(float)Math.Cos(-1.2 * angle), (float)Math.Sin(-1.2 * angle)]];

        Assert.Equal([0, 0, 0, 0, 0, 0, 6, 7], ImageGroups.Of(Matrix.FromRows(rows, "rows")));
    }

    /// <summary>More than are compared at once.</summary>
    [Fact]
    public void Groups_ManyPictures_FindsCopiesFarApart()
    {
        var (features, _) = Copies(pictures: 400, copies: 3, labels: _ => 0);

        Assert.Equal(Enumerable.Range(0, 1200).Select(example => example % 400), ImageGroups.Of(features.Normalized("features")));
    }

    // Copy c of picture p is row c × pictures + p, a little off the first.
    private static (Matrix Features, int[] Labels) Copies(int pictures, int copies, Func<int, int> labels)
    {
        var first = Random(pictures);
        var random = new Random(2);
        var rows = Enumerable.Range(0, copies).SelectMany(copy => first.Values.Select(value => value + (float)(copy == 0 ? 0 : 0.01 * ((2 * random.NextDouble()) - 1))));
        return (new Matrix(pictures * copies, 16, [.. rows]), [.. Enumerable.Range(0, pictures * copies).Select(example => labels(example % pictures))]);
    }

    private static Matrix Random(int rows)
    {
        var random = new Random(1);
        return new Matrix(rows, 16, [.. Enumerable.Range(0, 16 * rows).Select(_ => (float)((2 * random.NextDouble()) - 1))]);
    }
}
