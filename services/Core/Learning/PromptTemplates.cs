namespace TaskRes.Core.Learning;

/// <summary>
/// The sentences that class names are put into before the text tower reads them. The table is that of the TaskRes paper's
/// released code, by the names the public benchmarks go by.
/// </summary>
public static class PromptTemplates
{
    /// <summary>Used where a task names none.</summary>
    public const string Default = "a photo of a {}.";

    /// <summary>Characters of the longest template; the text tower reads 77 tokens.</summary>
    public const int MaxLength = 300;

    private const string Slot = "{}";

    private static readonly string[] ImageNet =
    [
        "itap of a {}.", "a bad photo of the {}.", "a origami {}.", "a photo of the large {}.",
        "a {} in a video game.", "art of the {}.", "a photo of the small {}.", Default,
    ];

    /// <summary>The templates of each benchmark; several are averaged.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ByDataset { get; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase)
        {
            ["OxfordPets"] = ["a photo of a {}, a type of pet."],
            ["Flowers102"] = ["a photo of a {}, a type of flower."],
            ["FGVCAircraft"] = ["a photo of a {}, a type of aircraft."],
            ["Food101"] = ["a photo of {}, a type of food."],
            ["DTD"] = ["{} texture."],
            ["EuroSAT"] = ["a centered satellite photo of {}."],
            ["UCF101"] = ["a photo of a person doing {}."],
            ["StanfordCars"] = [Default],
            ["SUN397"] = [Default],
            ["Caltech101"] = [Default],
            ["ImageNet"] = ImageNet,
            ["ImageNetV2"] = [Default],
            ["ImageNetSketch"] = [Default],
            ["ImageNetA"] = [Default],
            ["ImageNetR"] = [Default],
        };

    /// <summary>The prompt of a class.</summary>
    /// <param name="template">A sentence with exactly one <c>{}</c>.</param>
    /// <param name="className">What takes its place.</param>
    /// <param name="underscoresToSpaces">Off for parity with the released code, which leaves underscores in the name.</param>
    /// <exception cref="TaskResException">InvalidField where the template has no <c>{}</c>, or several.</exception>
    public static string Render(string template, string className, bool underscoresToSpaces = true)
    {
        Validate(template, "template");
        return template.Replace(Slot, underscoresToSpaces ? className.Replace('_', ' ') : className, StringComparison.Ordinal);
    }

    /// <summary>Refuses a template without exactly one <c>{}</c>, or one that is too long.</summary>
    public static void Validate(string template, string field)
    {
        if (template.Length > MaxLength) throw TaskResException.OverLimit(field, template.Length, MaxLength, "characters");
        var slots = template.Split(Slot).Length - 1;
        if (slots != 1) throw TaskResException.Invalid(field, $"'{template}' has {slots} {{}} where the class name goes; write it with exactly one, such as '{Default}'.");
    }
}
