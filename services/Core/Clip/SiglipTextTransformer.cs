using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TaskRes.Core.Clip;

/// <summary>
/// SigLIP's text tower: every token sees every other, the padding too, and the last one, projected, is the embedding (Zhai,
/// Mustafa, Kolesnikov, Beyer: "Sigmoid Loss for Language Image Pre-Training", ICCV 2023; transformers' modeling_siglip.py).
/// </summary>
internal sealed class SiglipTextTransformer : ITextTower
{
    private readonly Tensor token_embedding_weight, positional_embedding, head_weight, head_bias;
    private readonly Transformer transformer;
    private readonly LayerNorm ln_final;

    public SiglipTextTransformer(Weights weights, ClipConfig config)
    {
        var width = config.Text.Width;
        token_embedding_weight = weights.Take("token_embedding.weight", config.VocabularySize, width);
        positional_embedding = weights.Take("positional_embedding", config.ContextLength, width);
        transformer = new Transformer(weights, "transformer", config.Text, causal: false);
        ln_final = new LayerNorm(weights, "ln_final", width, config.Text.Eps);
        head_weight = weights.Take("text_model.head.weight", config.EmbeddingDimension, width);
        head_bias = weights.Take("text_model.head.bias", config.EmbeddingDimension);
    }

    /// <param name="ids">batch × context length: texts are padded to the whole of it.</param>
    /// <param name="pooled">Not heeded: it is the last token always.</param>
    public Tensor Forward(Tensor ids, Tensor pooled)
    {
        using var scope = NewDisposeScope();
        var x = token_embedding_weight[ids] + positional_embedding;       // B×L×C
        x = transformer.Forward(x, all => all.narrow(1, all.shape[1] - 1, 1)); // B×L×C → B×C
        return linear(ln_final.Forward(x), head_weight, head_bias).MoveToOuterDisposeScope(); // B×D
    }
}
