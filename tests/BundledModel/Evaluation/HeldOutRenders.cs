using SkiaSharp;
using TaskRes.BundledModel.Emojis;
using TaskRes.BundledModel.Rendering;
using TaskRes.Core.Learning;

namespace TaskRes.BundledModel.Evaluation;

/// <summary>Renders that training never draws: of emoji it knows by name, and of emoji it never sees.</summary>
internal sealed class HeldOutRenders : IDisposable
{
    private const int KnownCount = 400, Seed = -7; // training's seeds are positive

    private static readonly string[] NameTemplates = ["a photo of a {}.", "an emoji of a {}.", "{}"];
    private static readonly string[] GroupTemplates = ["a photo of {}.", "an emoji of the group {}.", "{}"];

    private readonly EmojiSplit _split;
    private readonly List<Emoji> _known;
    private readonly List<SKBitmap> _knownImages, _unseenImages;

    public HeldOutRenders(EmojiSplit split, GlyphSprites sprites)
    {
        var (scene, random) = (new Scene(SceneStyle.Training), new Random(Seed));
        SKBitmap Render(Emoji emoji) => scene.Render(sprites[emoji.CodePoint], emoji.MayBeMirrored, random);
        _split = split;
        _known = [.. split.Trained.Take(KnownCount)];
        _knownImages = [.. _known.Select(Render)];
        _unseenImages = [.. split.Unseen.Select(Render)];
    }

    public HeldOutFigures Measure(Encoders encoders)
    {
        var images = encoders.Encode(_knownImages).Normalized("images");
        var names = encoders.BaseOf([.. _split.Trained.Select(emoji => emoji.Name)], NameTemplates).Normalized("names");
        var texts = new Matrix(_known.Count, names.Columns, names.Values[..(_known.Count * names.Columns)]);
        var groups = _split.Trained.Select(emoji => emoji.Group).Distinct().ToList();
        var groupBase = encoders.BaseOf(groups, GroupTemplates);
        return new HeldOutFigures
        {
            ZeroShot = RecallAt(1, images, names),
            ZeroShotTop5 = RecallAt(5, images, names),
            ImageToText = RecallAt(1, images, texts),
            TextToImage = RecallAt(1, texts, images),
            UnseenGroups = Accuracy(groupBase, encoders.Encode(_unseenImages), [.. _split.Unseen.Select(emoji => groups.IndexOf(emoji.Group))]),
            KnownGroups = Accuracy(groupBase, images, [.. _known.Select(emoji => groups.IndexOf(emoji.Group))]),
            Known = _known.Count,
            Names = names.Rows,
            Unseen = _unseenImages.Count,
            Groups = groups.Count,
        };
    }

    public void Dispose()
    {
        foreach (var image in _knownImages.Concat(_unseenImages)) image.Dispose();
    }

    private static double Accuracy(Matrix classifier, Matrix features, int[] labels) => 100 * new CosineClassifier(classifier).Accuracy(features, labels);

    /// <summary>The percentage of queries of which fewer than k candidates come before the one in the same place.</summary>
    private static double RecallAt(int k, Matrix queries, Matrix candidates)
    {
        var (classifier, scores, hits) = (new CosineClassifier(candidates), new float[candidates.Rows], 0);
        for (var query = 0; query < queries.Rows; query++)
        {
            classifier.Logits(queries.Row(query), scores);
            if (scores.Count(score => score > scores[query]) < k) hits++;
        }
        return 100.0 * hits / queries.Rows;
    }
}
