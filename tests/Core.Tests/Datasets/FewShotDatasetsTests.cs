using TaskRes.Core.Datasets;
using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Datasets;

/// <summary>Small folders that are laid out as the originals.</summary>
public sealed class FewShotDatasetsTests : IDisposable
{
    private readonly DatasetDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Theory]
    [InlineData("Caltech101", "caltech-101", "101_ObjectCategories", "split_zhou_Caltech101.json")]
    [InlineData("OxfordPets", "oxford_pets", "images", "split_zhou_OxfordPets.json")]
    [InlineData("StanfordCars", "stanford_cars", "", "split_zhou_StanfordCars.json")]
    [InlineData("Flowers102", "oxford_flowers", "jpg", "split_zhou_OxfordFlowers.json")]
    [InlineData("Food101", "food-101", "images", "split_zhou_Food101.json")]
    [InlineData("SUN397", "sun397", "SUN397", "split_zhou_SUN397.json")]
    [InlineData("DTD", "dtd", "images", "split_zhou_DescribableTextures.json")]
    [InlineData("EuroSAT", "eurosat", "2750", "split_zhou_EuroSAT.json")]
    [InlineData("UCF101", "ucf101", "UCF-101-midframes", "split_zhou_UCF101.json")]
    public void Read_SplitDataset_GivesItsPartsAndClasses(string name, string folder, string images, string file)
    {
        _disk.Split(
            folder, images, file,
            train: [("a/one.jpg", 1, "Apply_Eye_Makeup"), ("b/two.jpg", 0, "leopard"), ("b/three.jpg", 0, "leopard")],
            val: [("a/four.jpg", 1, "Apply_Eye_Makeup")],
            test: [("b/five.jpg", 0, "leopard")]);

        var dataset = FewShotDatasets.Find(name).Read(_disk.Root);

        Assert.Equal(["leopard", "Apply_Eye_Makeup"], dataset.ClassNames);
        Assert.Equal([new("a/one.jpg", 1), new("b/two.jpg", 0), new("b/three.jpg", 0)], dataset.Train);
        Assert.Equal([new("a/four.jpg", 1)], dataset.Validation);
        Assert.Equal([new("b/five.jpg", 0)], dataset.Test);
        Assert.Equal(_disk.PathOf(folder, images, "b", "five.jpg"), dataset.PathOf(dataset.Test[0]));
        Assert.Null(dataset.TestClasses);
    }

    [Fact]
    public void Read_ImageNet_LabelsBySortedWordNetId()
    {
        _disk.Text("imagenet/classnames.txt", "n01440764 tench\nn02000000 great white shark\nn01443537 goldfish\n");
        _disk.Images(
            "imagenet/images/train/n01440764/n01440764_9.JPEG", "imagenet/images/train/n01440764/n01440764_18.JPEG", "imagenet/images/train/n02000000/n02000000_1.JPEG",
            "imagenet/images/train/n01443537/n01443537_1.JPEG", "imagenet/images/train/n01443537/.hidden.JPEG", "imagenet/images/val/n02000000/ILSVRC2012_val_00000293.JPEG",
            "imagenet/images/val/n01443537/ILSVRC2012_val_00000236.JPEG", "imagenet/images/.cache/x.JPEG");

        var dataset = FewShotDatasets.Find("imagenet").Read(_disk.Root);

        Assert.Equal(["tench", "goldfish", "great white shark"], dataset.ClassNames);
        Assert.Equal(
            [
                new("train/n01440764/n01440764_18.JPEG", 0), new("train/n01440764/n01440764_9.JPEG", 0), new("train/n01443537/n01443537_1.JPEG", 1), new("train/n02000000/n02000000_1.JPEG", 2),
            ],
            dataset.Train);
        Assert.Equal([new("val/n01443537/ILSVRC2012_val_00000236.JPEG", 1), new("val/n02000000/ILSVRC2012_val_00000293.JPEG", 2)], dataset.Test);
        Assert.Empty(dataset.Validation);
    }

    [Fact]
    public void Read_Aircraft_LabelsByTheOrderOfTheVariants()
    {
        _disk.Text("fgvc_aircraft/variants.txt", "707-320\n727-200\nA300B4\n");
        _disk.Text("fgvc_aircraft/images_variant_train.txt", "1025794 727-200\n1340192 707-320\n");
        _disk.Text("fgvc_aircraft/images_variant_val.txt", "0056978 A300B4\n");
        _disk.Text("fgvc_aircraft/images_variant_test.txt", "1514522 707-320\n");
        _disk.Images("fgvc_aircraft/images/1025794.jpg", "fgvc_aircraft/images/1340192.jpg", "fgvc_aircraft/images/0056978.jpg", "fgvc_aircraft/images/1514522.jpg");

        var dataset = FewShotDatasets.Find("FGVCAircraft").Read(_disk.Root);

        Assert.Equal(["707-320", "727-200", "A300B4"], dataset.ClassNames);
        Assert.Equal([new("1025794.jpg", 1), new("1340192.jpg", 0)], dataset.Train);
        Assert.Equal([new("0056978.jpg", 2)], dataset.Validation);
        Assert.Equal([new("1514522.jpg", 0)], dataset.Test);
    }

    [Theory]
    [InlineData("ImageNetA", "imagenet-adversarial", "imagenet-a")]
    [InlineData("ImageNetR", "imagenet-rendition", "imagenet-r")]
    [InlineData("ImageNetSketch", "imagenet-sketch", "images")]
    public void Read_ShiftedTestSetOfSomeClasses_KeepsImageNetsLabels(string name, string folder, string images)
    {
        _disk.Text($"{folder}/classnames.txt", "n01 tench\nn02 goldfish\nn03 shark\n");
        _disk.Images($"{folder}/{images}/n03/b.jpg", $"{folder}/{images}/n01/a.jpg", $"{folder}/{images}/README.txt");

        var dataset = FewShotDatasets.Find(name).Read(_disk.Root);

        Assert.Equal(["tench", "goldfish", "shark"], dataset.ClassNames);
        Assert.Equal([new("n01/a.jpg", 0), new("n03/b.jpg", 2)], dataset.Test);
        Assert.Equal([0, 2], dataset.TestClasses!);
        Assert.Empty(dataset.Train);
    }

    [Fact]
    public void Read_ImageNetV2_TakesTheFoldersNumbersAsLabels()
    {
        _disk.Text("imagenetv2/classnames.txt", string.Concat(Enumerable.Range(0, 11).Select(label => $"n{label:00} class {label}\n")));
        _disk.Images([.. Enumerable.Range(0, 11).Select(label => $"imagenetv2/imagenetv2-matched-frequency-format-val/{label}/x.jpeg")]);

        var dataset = FewShotDatasets.Find("ImageNetV2").Read(_disk.Root);

        Assert.Equal(Enumerable.Range(0, 11), dataset.Test.Select(image => image.Label));
        Assert.Equal(["2/x.jpeg", "10/x.jpeg"], [dataset.Test[2].Path, dataset.Test[10].Path]);
        Assert.Null(dataset.TestClasses);
    }

    [Fact]
    public void All_EachDataset_HasPromptsOfItsOwn()
    {
        Assert.Equal(15, FewShotDatasets.All.Count);
        Assert.All(FewShotDatasets.All, layout => Assert.True(PromptTemplates.ByDataset.ContainsKey(layout.Name), layout.Name));
        Assert.All(FewShotDatasets.All.Where(layout => layout.TrainedOn is not null), layout => Assert.Equal("ImageNet", layout.TrainedOn));
    }

    [Fact]
    public void Read_NoData_SaysWhatToFetchAndWhereToPutIt()
    {
        var error = Assert.Throws<TaskResException>(() => FewShotDatasets.Find("EuroSAT").Read(_disk.Root));

        Assert.Equal(ErrorReason.NoExamples, error.Reason);
        Assert.All(["EuroSAT.zip", _disk.PathOf("eurosat"), "split_zhou_EuroSAT.json", "DATASETS.md"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_NoSplitFile_NamesIt()
    {
        _disk.Images("dtd/images/banded/banded_0002.jpg");

        var error = Assert.Throws<TaskResException>(() => FewShotDatasets.Find("DTD").Read(_disk.Root));

        Assert.Equal(ErrorReason.NoExamples, error.Reason);
        Assert.Contains(_disk.PathOf("dtd", "split_zhou_DescribableTextures.json"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ImagesMissing_CountsThemAndNamesTheFirst()
    {
        _disk.Split("dtd", "images", "split_zhou_DescribableTextures.json", [("a/1.jpg", 0, "a"), ("a/2.jpg", 0, "a"), ("a/3.jpg", 0, "a")], [], [("a/4.jpg", 0, "a")]);
        File.Delete(_disk.PathOf("dtd", "images", "a", "2.jpg"));
        File.Delete(_disk.PathOf("dtd", "images", "a", "4.jpg"));

        var error = Assert.Throws<TaskResException>(() => FewShotDatasets.Find("DTD").Read(_disk.Root));

        Assert.Equal(ErrorReason.NoExamples, error.Reason);
        Assert.Contains($"2 of 4 images are missing, first {_disk.PathOf("dtd", "images", "a", "2.jpg")}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", ErrorReason.InvalidField, "the file")]
    [InlineData("[]", ErrorReason.InvalidField, "train")]
    [InlineData("""{"train": [], "val": []}""", ErrorReason.InvalidField, "test")]
    [InlineData("""{"train": [["a.jpg", 0]], "val": [], "test": []}""", ErrorReason.InvalidField, "train[0]")]
    [InlineData("""{"train": [], "val": [[7, 0, "a"]], "test": []}""", ErrorReason.InvalidField, "val[0]")]
    [InlineData("""{"train": [["a.jpg", -1, "a"]], "val": [], "test": []}""", ErrorReason.UnknownLabel, "train[0]")]
    [InlineData("""{"train": [["a.jpg", "0", "a"]], "val": [], "test": []}""", ErrorReason.UnknownLabel, "train[0]")]
    [InlineData("""{"train": [["a.jpg", 1e9, "a"]], "val": [], "test": []}""", ErrorReason.UnknownLabel, "train[0]")]
    [InlineData("""{"train": [["a.jpg", 0, "a"]], "val": [], "test": [["b.jpg", 0, "b"]]}""", ErrorReason.UnknownLabel, "test[0]")]
    [InlineData("""{"train": [["a.jpg", 0, "a"], ["b.jpg", 2, "b"]], "val": [], "test": []}""", ErrorReason.UnknownLabel, "label 1")]
    [InlineData("""{"train": [["../a.jpg", 0, "a"]], "val": [], "test": []}""", ErrorReason.InvalidField, "train[0]")]
    [InlineData("""{"train": [["/etc/passwd", 0, "a"]], "val": [], "test": []}""", ErrorReason.InvalidField, "train[0]")]
    [InlineData("""{"train": [["", 0, "a"]], "val": [], "test": []}""", ErrorReason.InvalidField, "train[0]")]
    [InlineData("""{"train": [["x\u0000y", 0, "a"]], "val": [], "test": []}""", ErrorReason.InvalidField, "train[0]")]
    public void Read_MalformedSplit_NamesFileAndEntry(string split, ErrorReason reason, string entry)
    {
        _disk.Images("eurosat/2750/a.jpg", "eurosat/2750/b.jpg");
        var file = _disk.Text("eurosat/split_zhou_EuroSAT.json", split);

        var error = Assert.Throws<TaskResException>(() => FewShotDatasets.Find("EuroSAT").Read(_disk.Root));

        Assert.Equal((reason, file, entry), (error.Reason, error.Field, error.Metadata["entry"]));
        Assert.StartsWith($"{file}: {entry}: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fgvc_aircraft/images_variant_val.txt", "0056978 B-52\n", ErrorReason.UnknownLabel, "line 1")]
    [InlineData("fgvc_aircraft/images_variant_val.txt", "\n0056978\n", ErrorReason.InvalidField, "line 2")]
    [InlineData("fgvc_aircraft/images_variant_val.txt", "../../x 707-320\n", ErrorReason.InvalidField, "line 1")]
    [InlineData("fgvc_aircraft/variants.txt", "707-320\n707-320\n", ErrorReason.InvalidField, "line 2")]
    public void Read_MalformedVariants_NamesFileAndLine(string path, string text, ErrorReason reason, string entry)
    {
        _disk.Text("fgvc_aircraft/variants.txt", "707-320\n");
        foreach (var part in new[] { "train", "val", "test" }) _disk.Text($"fgvc_aircraft/images_variant_{part}.txt", "1 707-320\n");
        _disk.Images("fgvc_aircraft/images/1.jpg");
        var file = _disk.Text(path, text);

        var error = Assert.Throws<TaskResException>(() => FewShotDatasets.Find("FGVCAircraft").Read(_disk.Root));

        Assert.Equal((reason, file, entry), (error.Reason, error.Field, error.Metadata["entry"]));
    }

    [Theory]
    [InlineData("n01 tench\nn01 goldfish\n", ErrorReason.InvalidField)]
    [InlineData("n01 tench\nn02\n", ErrorReason.InvalidField)]
    [InlineData("n02 goldfish\n", ErrorReason.UnknownLabel)]
    public void Read_ClassNamesThatDoNotFit_AreRefused(string names, ErrorReason reason)
    {
        _disk.Text("imagenet-sketch/classnames.txt", names);
        _disk.Images("imagenet-sketch/images/n01/a.jpg");

        Assert.Equal(reason, Assert.Throws<TaskResException>(() => FewShotDatasets.Find("ImageNetSketch").Read(_disk.Root)).Reason);
    }

    [Fact]
    public void Find_UnknownName_ListsThoseThereAre()
    {
        var error = Assert.Throws<TaskResException>(() => FewShotDatasets.Find("MNIST"));

        Assert.Equal(ErrorReason.InvalidField, error.Reason);
        Assert.Contains("UCF101", error.Message, StringComparison.Ordinal);
    }
}
