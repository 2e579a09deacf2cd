using System.Xml.Linq;
using TaskRes.Cli.Experiments;
using TaskRes.Core.Learning;

namespace TaskRes.Clients.Tests.Experiments;

public sealed class ResultSummaryTests
{
    [Fact]
    public void Of_SeedsOfACell_GivesTheirMeanAndDeviation()
    {
        var row = Assert.Single(ResultSummary.Of([Cell("EuroSAT", "taskres", 16, 1, 80), Cell("EuroSAT", "taskres", 16, 2, 84), Cell("EuroSAT", "taskres", 16, 3, 82)]).Rows);

        Assert.Equal((3, 82.0, 2.0), (row.Seeds, row.Accuracy, row.Deviation));
        Assert.Equal(new PublishedAccuracy("RN50", 83.25), row.Published);
    }

    [Fact]
    public void Mean_DatasetWithoutTheCell_IsNone()
    {
        var summary = ResultSummary.Of([Cell("EuroSAT", "taskres", 1, 1, 60), Cell("DTD", "taskres", 1, 1, 50), Cell("DTD", "taskres", 2, 1, 55)]);

        Assert.Equal(55, summary.Mean("RN50", "taskres", 1));
        Assert.Null(summary.Mean("RN50", "taskres", 2));
    }

    [Fact]
    public void Difficulties_MostShots_AreGuessingOverZeroShot()
    {
        var summary = ResultSummary.Of(
        [
            Cell("EuroSAT", MethodList.ZeroShot, 0, 0, 40), Cell("EuroSAT", "taskres", 1, 1, 60, 0.1), Cell("EuroSAT", "taskres", 16, 1, 80, 0.3),
            Cell("DTD", MethodList.ZeroShot, 0, 0, 50), Cell("DTD", "taskres", 16, 1, 70, 0.2), Cell("Food101", MethodList.ZeroShot, 0, 0, 80), Cell("Food101", "taskres", 16, 1, 70, 0.1),
        ]);

        Assert.Equal([(0.25, 0.3), (0.2, 0.2), (0.125, 0.1)], summary.Difficulties.Select(point => (point.TransferDifficulty, point.MeanResidual)));
        Assert.Equal(1.0, summary.RankCorrelation!.Value, 1e-9);
    }

    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 10, 20, 30, 1000 }, 1)]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 4, 3, 2, 1 }, -1)]
    [InlineData(new double[] { 1, 2, 3, 4, 5 }, new double[] { 2, 1, 4, 3, 5 }, 0.8)]
    [InlineData(new double[] { 1, 1, 2 }, new double[] { 5, 5, 5 }, 0)]
    [InlineData(new double[] { 1, 2, 2, 3 }, new double[] { 1, 2, 3, 4 }, 0.9486832980505138)]
    public void RankCorrelation_Values_IsSpearmans(double[] first, double[] second, double expected) =>
        Assert.Equal(expected, RankCorrelation.Of(first, second), 1e-12);

    [Fact]
    public void Accuracy_AmongSomeClasses_LeavesTheOthersOut()
    {
        var logits = new Matrix(2, 3, [1, 9, 2, 5, 9, 2]);
        int[] labels = [2, 0];

        Assert.Equal(0, new TestSet(logits, labels, Among: null).Accuracy(logits));
        Assert.Equal(1, new TestSet(logits, labels, Among: [0, 2]).Accuracy(logits));
    }

    [Fact]
    public void Published_Means_AreOfTheElevenDatasets()
    {
        var row = Published.Mean("taskres", 16)!;

        Assert.Equal(75.83, row.Accuracy);
        Assert.Equal(58.77, Published.Mean(MethodList.ZeroShot, 0)!.Accuracy, 0.01);
        Assert.Equal(("ViT-B/16", 49.85), (Published.Find("ViT-B/16", "ImageNetA", "taskres", 16)!.Model, Published.Find("ViT-B/16", "ImageNetA", "taskres", 16)!.Accuracy));
        Assert.Equal("RN50", Published.Find("ViT-B/32", "DTD", "taskres", 4)!.Model);
        Assert.Null(Published.Find("RN50", "my folder", "taskres", 4));
    }

    [Fact]
    public async Task Write_Summary_MakesTablesAndPictures()
    {
        var folder = Directory.CreateTempSubdirectory("taskres-figures-");
        try
        {
            var cells = from set in new[] { ("DTD", 40.0), ("EuroSAT", 30.0), ("a, \"b\"", 60.0) }
                        from shots in new[] { 0, 1, 2 }
                        select Cell(set.Item1, shots == 0 ? MethodList.ZeroShot : "taskres", shots, shots == 0 ? 0UL : 1, set.Item2 + shots, shots == 0 ? null : 0.01);

            var files = await ResultFiles.WriteAsync(folder.FullName, ResultSummary.Of(cells));

            Assert.Equal(["results.csv", "results.json", "accuracy-RN50.svg", "difficulty.svg"], files.Select(Path.GetFileName));
            var csv = await File.ReadAllLinesAsync(files[0], TestContext.Current.CancellationToken);
            Assert.Equal(10, csv.Length);
            Assert.Equal("RN50,DTD,DTD,taskres,1,1,41.0000,0.0000,10,100,0.2500,0.01,49.65,RN50", csv[2]);
            Assert.StartsWith("RN50,\"a, \"\"b\"\"\",", csv[7], StringComparison.Ordinal);
            var picture = XDocument.Load(files[2]);
            Assert.Equal(4, Elements(picture, "polyline").Count()); // three datasets and their mean, one method
            Assert.Equal(4, Elements(picture, "line").Count(line => line.Attribute("stroke-dasharray") is not null)); // zero-shot
            Assert.Equal(3, Elements(XDocument.Load(files[3]), "circle").Count());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<XElement> Elements(XDocument picture, string name) => picture.Descendants().Where(element => element.Name.LocalName == name);

    private static CellResult Cell(string dataset, string method, int shots, ulong seed, double accuracy, double? residual = null) =>
        new(new CellKey("d", dataset, dataset, method, shots, seed, ""), "RN50", accuracy, 10, 100, 0.25, residual);
}
