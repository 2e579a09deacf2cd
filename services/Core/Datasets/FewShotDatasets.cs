namespace TaskRes.Core.Datasets;

/// <summary>
/// The eleven datasets of the paper and ImageNet's four shifted test sets, laid out as in CoOp (Zhou, Yang, Loy, Liu: "Learning
/// to Prompt for Vision-Language Models", IJCV 2022), whose splits the field keeps to.
/// </summary>
public static class FewShotDatasets
{
    private const string ImageNetName = "ImageNet";
    private const string ClassNamesFile = "classnames.txt";

    /// <summary>In the order of the paper's tables.</summary>
    public static IReadOnlyList<DatasetLayout> All { get; } =
    [
        new()
        {
            Name = ImageNetName,
            Folder = "imagenet",
            Images = "images",
            Files = [ClassNamesFile],
            LearningRate = 2e-4,
            Reader = ImageNetFolders.ReadTrainAndVal,
            Fetch = "the training and validation images from https://image-net.org, as images/train/n*/ and images/val/n*/",
        },
        Split("Caltech101", "caltech-101", "101_ObjectCategories", "split_zhou_Caltech101.json", "101_ObjectCategories.tar.gz from https://data.caltech.edu/records/mzrjq-6wc02"),
        Split("OxfordPets", "oxford_pets", "images", "split_zhou_OxfordPets.json", "images.tar.gz from https://www.robots.ox.ac.uk/~vgg/data/pets"),
        Split("StanfordCars", "stanford_cars", "", "split_zhou_StanfordCars.json", "cars_train.tgz and cars_test.tgz, once of http://ai.stanford.edu/~jkrause/car196"),
        Split("Flowers102", "oxford_flowers", "jpg", "split_zhou_OxfordFlowers.json", "102flowers.tgz from https://www.robots.ox.ac.uk/~vgg/data/flowers/102") with { Alpha = 1 },
        Split("Food101", "food-101", "images", "split_zhou_Food101.json", "food-101.tar.gz from https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101"),
        new()
        {
            Name = "FGVCAircraft",
            Folder = "fgvc_aircraft",
            Images = "images",
            Files = ["variants.txt", "images_variant_train.txt", "images_variant_val.txt", "images_variant_test.txt"],
            Reader = VariantLists.Read,
            Fetch = "the folder data of fgvc-aircraft-2013b.tar.gz from https://www.robots.ox.ac.uk/~vgg/data/fgvc-aircraft",
        },
        Split("SUN397", "sun397", "SUN397", "split_zhou_SUN397.json", "SUN397.tar.gz from https://vision.princeton.edu/projects/2010/SUN"),
        Split("DTD", "dtd", "images", "split_zhou_DescribableTextures.json", "dtd-r1.0.1.tar.gz from https://www.robots.ox.ac.uk/~vgg/data/dtd"),
        Split("EuroSAT", "eurosat", "2750", "split_zhou_EuroSAT.json", "EuroSAT.zip (RGB) from https://github.com/phelber/EuroSAT"),
        Split("UCF101", "ucf101", "UCF-101-midframes", "split_zhou_UCF101.json", "UCF-101-midframes.zip, which CoOp's page of datasets links to"),
        Shifted("ImageNetV2", "imagenetv2", "imagenetv2-matched-frequency-format-val", ImageNetFolders.ReadNumbered, "imagenetv2-matched-frequency.tar.gz, see https://github.com/modestyachts/ImageNetV2"),
        Shifted("ImageNetSketch", "imagenet-sketch", "images", ImageNetFolders.ReadNamed, "the images of https://github.com/HaohanWang/ImageNet-Sketch"),
        Shifted("ImageNetA", "imagenet-adversarial", "imagenet-a", ImageNetFolders.ReadNamed, "imagenet-a.tar, see https://github.com/hendrycks/natural-adv-examples"),
        Shifted("ImageNetR", "imagenet-rendition", "imagenet-r", ImageNetFolders.ReadNamed, "imagenet-r.tar, see https://github.com/hendrycks/imagenet-r"),
    ];

    /// <summary>A dataset by its name, in any case.</summary>
    /// <exception cref="TaskResException">InvalidField, with the names there are.</exception>
    public static DatasetLayout Find(string name) =>
        All.FirstOrDefault(layout => layout.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw TaskResException.Invalid("datasets", $"'{name}' is no dataset that is known; there are {string.Join(", ", All.Select(layout => layout.Name))}.");

    private static DatasetLayout Split(string name, string folder, string images, string split, string fetch) => new()
    {
        Name = name,
        Folder = folder,
        Images = images,
        Files = [split],
        Fetch = fetch,
    };

    private static DatasetLayout Shifted(string name, string folder, string images, Func<DatasetLayout, DatasetFolder, ImageDataset> reader, string fetch) => new()
    {
        Name = name,
        Folder = folder,
        Images = images,
        Files = [ClassNamesFile],
        TrainedOn = ImageNetName,
        LearningRate = 2e-4,
        Reader = reader,
        Fetch = fetch,
    };
}
