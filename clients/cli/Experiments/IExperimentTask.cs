using TaskRes.Cli.Output;
using TaskRes.Core.Datasets;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;

namespace TaskRes.Cli.Experiments;

/// <summary>One model's features of one dataset: what methods are fitted on and judged by.</summary>
internal interface IExperimentTask
{
    /// <summary>The dataset that shots are drawn from.</summary>
    string Dataset { get; }

    /// <summary>The model's customary name.</summary>
    string Model { get; }

    /// <summary>What decides a test set's result beside the settings, as one digest: encoder, lists of images, prompts.</summary>
    string Digest(string test);

    /// <summary>The names of the sets that are tested on.</summary>
    IReadOnlyList<string> Tests { get; }

    /// <summary>The numbers of shots that can be had, in ascending order; null for any.</summary>
    IReadOnlyList<int>? Shots { get; }

    /// <summary>Whether the base is made of text; otherwise it is the shots' class means, and there is no zero-shot.</summary>
    bool HasTextBase { get; }

    /// <summary>Augmented views that the support has.</summary>
    int Views { get; }

    /// <summary>The dataset's; null for one that the paper does not know.</summary>
    DatasetLayout? Layout { get; }

    /// <summary>K.</summary>
    int Classes { get; }

    /// <summary>t, the text base.</summary>
    Task<Matrix> BaseAsync(IProgress<Step> progress, CancellationToken cancellationToken);

    Task<TestSet> TestAsync(string name, IProgress<Step> progress, CancellationToken cancellationToken);

    /// <summary>The shots of a seed.</summary>
    Task<SupportSet> SupportAsync(int shots, ulong seed, IProgress<Step> progress, CancellationToken cancellationToken);

    /// <summary>s.</summary>
    double LogitScale { get; }

    /// <summary>The text tower's projection; null where it is not at hand.</summary>
    Matrix? TextProjection { get; }

    /// <summary>The text tower, to learn prompts through; null where it is not at hand or was not asked for.</summary>
    IPromptTower? Prompts { get; }
}

/// <summary>What is tested on.</summary>
/// <param name="Features">N×D.</param>
/// <param name="Labels">N.</param>
/// <param name="Among">The classes that are told apart; null for all.</param>
internal sealed record TestSet(Matrix Features, int[] Labels, IReadOnlyList<int>? Among)
{
    /// <summary>The share of the images whose class has the largest logit among those told apart, 0 to 1.</summary>
    /// <param name="logits">N×K.</param>
    public double Accuracy(Matrix logits)
    {
        var right = 0;
        for (var row = 0; row < logits.Rows; row++)
            if (Best(logits.Row(row)) == Labels[row]) right++;
        return right / (double)logits.Rows;
    }

    private int Best(ReadOnlySpan<float> logits)
    {
        if (Among is null) return System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits);
        var best = Among[0];
        foreach (var label in Among)
            if (logits[label] > logits[best]) best = label;
        return best;
    }
}
