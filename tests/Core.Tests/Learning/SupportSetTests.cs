using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning;

public sealed class SupportSetTests
{
    private static readonly Matrix Two = new(2, 2, [3, 4, 1, 0]);

    [Fact]
    public void SupportSet_UnevenClasses_CountsTheLargestOnesShots()
    {
        var support = new SupportSet([new Matrix(4, 1, [1, 1, 1, 1])], [2, 0, 2, 2], 3);

        Assert.Equal((3, 4, 1), (support.Shots, support.Count, support.Dimensions));
    }

    [Fact]
    public void Batch_RowsOfTheStackedViews_AreUnitWithTheLengthTheyHad()
    {
        var support = new SupportSet([Two, new Matrix(2, 2, [0, 2, 6, 8])], [1, 0], 2);

        var batch = support.Batch([3, 0, 2]);

        Assert.Equal([0.6f, 0.8f, 0.6f, 0.8f, 0, 1], batch.Features.Values);
        Assert.Equal([10f, 5, 2], batch.Lengths);
        Assert.Equal([0, 1, 1], batch.Labels);
    }

    [Fact]
    public void Subset_SomeExamples_KeepTheirViewsLengthsLabelsAndTheClasses()
    {
        var support = new SupportSet([Two, new Matrix(2, 2, [0, 2, 6, 8])], [1, 0], 4);

        var subset = support.Subset([1]);

        Assert.Equal((1, 4, 2), (subset.Count, subset.Classes, subset.Views.Count));
        Assert.Equal([0], subset.Labels);
        var batch = subset.Batch([1]);
        Assert.Equal([0.6f, 0.8f], batch.Features.Values);
        Assert.Equal([10f], batch.Lengths);
        Assert.Equal(ErrorReason.NoExamples, Assert.Throws<TaskResException>(() => support.Subset([])).Reason);
    }

    [Fact]
    public void RawFeatures_SomeExamples_AreViewZeroAsItCame() =>
        Assert.Equal([1f, 0, 3, 4], new SupportSet([Two, new Matrix(2, 2, [0, 2, 6, 8])], [1, 0], 2).RawFeatures([1, 0]).Values);

    [Fact]
    public void SupportSet_WhatDoesNotHold_IsRefusedWithItsReason()
    {
        void Refused(ErrorReason reason, IReadOnlyList<Matrix> views, int[] labels) =>
            Assert.Equal(reason, Assert.Throws<TaskResException>(() => new SupportSet(views, labels, 2)).Reason);

        Refused(ErrorReason.NoExamples, [], []);
        Refused(ErrorReason.NoExamples, [Matrix.Zeros(0, 2)], []);
        Refused(ErrorReason.UnknownLabel, [Two], [0, 2]);
        Refused(ErrorReason.UnknownLabel, [Two], [0, -1]);
        Refused(ErrorReason.FeaturesInvalid, [Two], [0]);
        Refused(ErrorReason.FeaturesInvalid, [Two, new Matrix(1, 2, [1, 1])], [0, 1]);
        Refused(ErrorReason.FeaturesInvalid, [Two, new Matrix(2, 1, [1, 1])], [0, 1]);
        Refused(ErrorReason.FeaturesInvalid, [Two, new Matrix(2, 2, [1, 1, 1, float.NaN])], [0, 1]);
        Refused(ErrorReason.FeaturesInvalid, [new Matrix(2, 2, [1, 1, 0, 0])], [0, 1]);
    }
}
