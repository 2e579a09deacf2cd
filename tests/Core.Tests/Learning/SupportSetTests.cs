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
