using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>
/// The text tower: tokens through a causal transformer; the end-of-text token, projected, is the embedding (openai/CLIP
/// model.py, CLIP.encode_text).
/// </summary>
internal sealed class TextTransformer : ITextTower
{
    private readonly Tensor token_embedding_weight, positional_embedding, text_projection;
    private readonly Transformer transformer;
    private readonly LayerNorm ln_final;

    public TextTransformer(Weights weights, ClipConfig config)
    {
        var width = config.Text.Width;
        token_embedding_weight = weights.Take("token_embedding.weight", config.VocabularySize, width);
        positional_embedding = weights.Take("positional_embedding", config.ContextLength, width);
        transformer = new Transformer(weights, "transformer", config.Text, causal: true);
        ln_final = new LayerNorm(weights, "ln_final", width, config.Text.Eps);
        text_projection = weights.Take("text_projection", width, config.EmbeddingDimension);
    }

    /// <param name="ids">batch × tokens, int64; what follows a row's end of text does not matter, for the mask is causal.</param>
    /// <param name="endOfText">batch, int64: the place of each row's end of text.</param>
    /// <returns>batch × D, not normalised.</returns>
    public Tensor Forward(Tensor ids, Tensor endOfText)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens) = (ids.shape[0], ids.shape[1]);
        var x = token_embedding_weight[ids] + positional_embedding.narrow(0, 0, tokens); // B×L×C
        var rows = arange(batch, device: x.device);
        var visible = (arange(tokens, device: x.device) <= endOfText.unsqueeze(1)).view(batch, 1, 1, tokens); // causal: up to itself
        x = transformer.Forward(x, all => all[rows, endOfText].unsqueeze(1), visible); // B×L×C → B×C
        x = ln_final.Forward(x);
        return x.matmul(text_projection).MoveToOuterDisposeScope();        // B×D
    }
}
