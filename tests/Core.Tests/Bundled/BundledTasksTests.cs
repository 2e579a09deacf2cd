using System.Security.Cryptography;
using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Bundled;

public sealed class BundledTasksTests
{
    private const int Shots = 16, FewestTests = 15;
    private const long MostBytes = 6_000_000;

    [Theory]
    [InlineData("animals")]
    [InlineData("outlines")]
    [InlineData("creatures")]
    public void Folder_OfATask_HoldsAllOfItsImages(string name)
    {
        var task = BundledFiles.Task(name);

        ClassNames.Validate(task.Classes, maxClasses: 10, "classes");
        Assert.NotEmpty(task.Description);
        Assert.All(task.Templates, template => PromptTemplates.Validate(template, "templates"));
        Assert.All(task.Classes, one => Assert.Equal(Shots, task.Images("train", one).Length));
        Assert.All(task.Classes, one => Assert.InRange(task.Images("test", one).Length, FewestTests, 100));
    }

    [Fact]
    public void Images_OfTrainAndTest_AreAllDifferent()
    {
        var images = Directory.GetFiles(Path.Combine(BundledFiles.Root, "tasks"), "*.webp", SearchOption.AllDirectories);
        var distinct = images.Select(file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))).Distinct();

        Assert.Equal(images.Length, distinct.Count());
    }

    [Fact]
    public void Images_Together_StaySmall()
    {
        var folder = new DirectoryInfo(Path.Combine(BundledFiles.Root, "tasks"));

        Assert.InRange(folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length), 1, MostBytes);
    }
}
