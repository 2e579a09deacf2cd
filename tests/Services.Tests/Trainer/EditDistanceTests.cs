using TaskRes.Trainer.Examples;

namespace TaskRes.Services.Tests.Trainer;

public sealed class EditDistanceTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("rose", "rose", 0)]
    [InlineData("rose", "rise", 1)]
    [InlineData("rose", "roses", 1)]
    [InlineData("rose", "ose", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("", "abcd", null)]
    [InlineData("abcd", "wxyz", null)]
    [InlineData("a long name of a class", "a lnog name of classes", null)]
    public void Within_Three_IsTheDistanceOrNothing(string a, string b, int? distance)
    {
        Assert.Equal(distance, EditDistance.Within(3, a, b));
        Assert.Equal(distance, EditDistance.Within(3, b, a));
    }
}
