using TaskRes.Core.Checkpoints;
using TaskRes.Core.Clip;
using static TorchSharp.torch;

namespace TaskRes.BundledModel.Training;

/// <summary>The parameters, their optimizer, and how many steps they have taken.</summary>
internal sealed class Trainer(ClipConfig config, LeafParameters parameters, AdamW optimizer, int step) : IDisposable
{
    private const double MostLogitScale = 100;

    public LeafParameters Parameters => parameters;

    public AdamW Optimizer => optimizer;

    /// <summary>Steps taken.</summary>
    public int Step { get; private set; } = step;

    /// <returns>The batch's loss before the step.</returns>
    public double Learn(TrainingBatch batch, double rate)
    {
        using var scope = NewDisposeScope();
        using var weights = new Weights(new HuggingFaceNames(parameters), ScalarType.Float32, CPU);
        var model = new ClipModel(config, weights);

        var tokens = TokenBatch.Of(batch.TokenIds, 0, batch.Count, config);
        var images = model.Visual.Forward(tensor(batch.Pixels, batch.Count, 3, config.ImageSize, config.ImageSize));
        var texts = model.Text.Forward(tensor(tokens.Ids, batch.Count, tokens.Length), tensor(tokens.EndOfText));
        var falseNegatives = tensor(batch.FalseNegatives, batch.Count, batch.Count);
        var loss = ContrastiveLoss.Of(images, texts, parameters.LogitScale.exp(), falseNegatives);
        loss.backward();
        optimizer.Step(++Step, rate);
        using (no_grad()) parameters.LogitScale.clamp_(0, Math.Log(MostLogitScale));
        return loss.item<float>();
    }

    public void Dispose()
    {
        optimizer.Dispose();
        parameters.Dispose();
    }
}
