using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Core.Tests.Learning.Evidence;

/// <summary>Tasks of which it is known what can be learnt.</summary>
internal sealed class EvidenceTask
{
    public const double Scale = 20;
    public const int Classes = 5;

    // The base is so short that the usual rates turn it.
    private const double Length = 0.2;

    private readonly SeededRandom _random;

    public EvidenceTask(ulong seed) => _random = new SeededRandom(seed);

    /// <summary>Images around class centres that the base knows, but for an error.</summary>
    public FewShotTask Learnable(int shots, double baseError, double spread = 1)
    {
        var centres = Normal(Classes, 32, 1);
        int[] labels = [.. Enumerable.Range(0, Classes * shots).Select(example => example % Classes)];
        var images = Dense.Sum(Dense.Rows(centres, labels), Normal(labels.Length, 32, spread));
        return FewShotTask.OfBase(Dense.Scaled(Dense.Sum(centres, Normal(Classes, 32, baseError)), Length), new SupportSet([images], labels, Classes), Scale);
    }

    /// <summary>Pictures whose labels were drawn by lot, each several times as near-copies.</summary>
    public SupportSet Meaningless(int pictures, int copies)
    {
        var first = Normal(pictures, 64, 1);
        int[] labels = [.. Enumerable.Range(0, pictures).Select(picture => picture < Classes ? picture : _random.Below(Classes))];
        int[] rows = [.. Enumerable.Range(0, pictures * copies).Select(example => example % pictures)];
        return new SupportSet([Dense.Sum(Dense.Rows(first, rows), Normal(rows.Length, 64, 0.01))], [.. rows.Select(picture => labels[picture])], Classes);
    }

    /// <summary>Those, and a base of text that has nothing to do with them.</summary>
    public FewShotTask MeaninglessOnText(int pictures, int copies)
    {
        var support = Meaningless(pictures, copies);
        return FewShotTask.OfBase(Normal(Classes, 64, Length), support, Scale);
    }

    /// <summary>Classes that differ where images vary little, and vary much where classes do not: what a covariance is for.</summary>
    public FewShotTask Anisotropic(int shots)
    {
        const int Telling = 8;
        var centres = Normal(Classes, 24, 0.5);
        int[] labels = [.. Enumerable.Range(0, Classes * shots).Select(example => example % Classes)];
        var noise = Normal(labels.Length, 24, 1);
        for (var row = 0; row < labels.Length; row++)
            for (var column = 0; column < Telling; column++)
                noise.Values[(row * 24) + column] = (0.1f * noise.Values[(row * 24) + column]) + centres.Row(labels[row])[column];
        return FewShotTask.OfBase(Normal(Classes, 24, 1), new SupportSet([noise], labels, Classes), Scale);
    }

    public Matrix Normal(int rows, int columns, double deviation) =>
        new(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => (float)(deviation * _random.Normal()))]);
}
