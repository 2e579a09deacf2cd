using TaskRes.BundledModel.Emojis;
using TaskRes.BundledModel.Rendering;

namespace TaskRes.BundledModel.Tasks;

/// <summary>The three tasks of the demo: one that text alone nearly solves, one drawn otherwise than in training, one of new concepts.</summary>
internal sealed class DemoTasks(EmojiSplit split, GlyphSprites emojis, GlyphSprites outlines)
{
    private static readonly string[] Templates = ["a photo of a {}.", "an emoji of a {}.", "{}"];

    private static readonly string[] Animals = ["octopus", "honeybee", "frog", "penguin", "fox", "butterfly", "lion", "dolphin", "parrot", "flamingo"];

    private static readonly string[] Things = ["key", "scissors", "umbrella", "airplane", "bicycle", "guitar", "anchor", "cactus"];

    private static readonly (string Name, InventedGlyph Glyph)[] Creatures =
    [
        ("zorb", new(0, 0, 205, 1)), ("quib", new(5, 0.45, 205, 2)), ("flane", new(3, 0.5, 205, 1)), ("drell", new(9, 0.35, 205, 3)),
        ("vonk", new(0, 0, 95, 3)), ("tave", new(5, 0.45, 95, 1)), ("plim", new(3, 0.5, 95, 2)), ("gryx", new(9, 0.35, 95, 1)),
    ];

    public IReadOnlyList<DemoTask> All =>
    [
        new("animals", "Ten animals the model was trained on, in new pictures: the names alone go far.",
            Templates, [.. Animals.Select(name => Known(name, emojis, SceneStyle.Training))]),
        new("outlines", "Eight things drawn in black outlines of another hand, which the model never saw: it knows the words and must learn the drawings.",
            Templates, [.. Things.Select(name => Known(name, outlines, OutlineStyle))]),
        new("creatures", "Eight invented creatures with invented names: the words say nothing, the pictures everything.",
            Templates, [.. Creatures.Select(creature => Invented(creature.Name, creature.Glyph))]),
    ];

    private static SceneStyle OutlineStyle { get; } = SceneStyle.Training with { PlainBackground = true, ColourShift = 0, GreyChance = 0, MirrorChance = 0 };

    private DemoClass Known(string name, GlyphSprites sprites, SceneStyle style)
    {
        var emoji = split.Trained.FirstOrDefault(emoji => emoji.Name == name)
            ?? throw new InvalidOperationException($"'{name}' is not among the emoji that are trained on.");
        return new DemoClass(name, random => new Scene(style).Render(sprites[emoji.CodePoint], emoji.MayBeMirrored, random));
    }

    private static DemoClass Invented(string name, InventedGlyph glyph)
    {
        var sprite = glyph.Draw();
        return new DemoClass(name, random => new Scene(SceneStyle.Training).Render(sprite, mayBeMirrored: true, random));
    }
}
