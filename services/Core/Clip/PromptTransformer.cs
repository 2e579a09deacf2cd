using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TaskRes.Core.Clip;

/// <summary>The text tower in operations that libtorch differentiates (openai/CLIP model.py, CLIP.encode_text).</summary>
internal sealed class PromptTransformer
{
    private readonly Tensor token_embedding_weight, positional_embedding, text_projection;
    private readonly Block[] resblocks;
    private readonly LayerNorm ln_final;

    public PromptTransformer(Weights weights, ClipConfig config)
    {
        var width = config.Text.Width;
        token_embedding_weight = weights.Take("token_embedding.weight", config.VocabularySize, width);
        positional_embedding = weights.Take("positional_embedding", config.ContextLength, width);
        resblocks = [.. Enumerable.Range(0, config.Text.Layers).Select(i => new Block(weights, $"transformer.resblocks.{i}", config.Text))];
        ln_final = new LayerNorm(weights, "ln_final", width, config.Text.Eps);
        text_projection = weights.Take("text_projection", width, config.EmbeddingDimension);
    }

    /// <param name="ids">K×L.</param>
    /// <returns>K×L×W, without positions.</returns>
    public Tensor Embed(Tensor ids) => token_embedding_weight[ids];

    /// <param name="embedded">K×L×W token embeddings, without positions.</param>
    /// <param name="endOfText">K, the place of each row's end of text.</param>
    /// <returns>K×D, not normalised.</returns>
    public Tensor Forward(Tensor embedded, Tensor endOfText)
    {
        var (batch, tokens) = (embedded.shape[0], embedded.shape[1]);
        var x = embedded + positional_embedding.narrow(0, 0, tokens);
        foreach (var block in resblocks) x = block.Forward(x);
        x = x[arange(batch, device: x.device), endOfText];                  // K×L×W → K×W
        return ln_final.Forward(x).matmul(text_projection);                 // K×D
    }

    private sealed class Block(Weights weights, string name, TransformerConfig config)
    {
        private readonly Tensor attn_in_proj_weight = weights.Take($"{name}.attn.in_proj_weight", 3 * config.Width, config.Width);
        private readonly Tensor attn_in_proj_bias = weights.Take($"{name}.attn.in_proj_bias", 3 * config.Width);
        private readonly Tensor attn_out_proj_weight = weights.Take($"{name}.attn.out_proj.weight", config.Width, config.Width);
        private readonly Tensor attn_out_proj_bias = weights.Take($"{name}.attn.out_proj.bias", config.Width);
        private readonly Tensor mlp_c_fc_weight = weights.Take($"{name}.mlp.c_fc.weight", config.MlpWidth, config.Width);
        private readonly Tensor mlp_c_fc_bias = weights.Take($"{name}.mlp.c_fc.bias", config.MlpWidth);
        private readonly Tensor mlp_c_proj_weight = weights.Take($"{name}.mlp.c_proj.weight", config.Width, config.MlpWidth);
        private readonly Tensor mlp_c_proj_bias = weights.Take($"{name}.mlp.c_proj.bias", config.Width);
        private readonly LayerNorm ln_1 = new(weights, $"{name}.ln_1", config.Width, config.Eps);
        private readonly LayerNorm ln_2 = new(weights, $"{name}.ln_2", config.Width, config.Eps);

        public Tensor Forward(Tensor x)
        {
            var (batch, tokens, width) = (x.shape[0], x.shape[1], x.shape[2]);
            var qkv = linear(ln_1.Forward(x), attn_in_proj_weight, attn_in_proj_bias)
                .view(batch, tokens, 3, config.Heads, width / config.Heads)      // K×L×3W → K×L×3×H×d
                .permute(2, 0, 3, 1, 4);                                         // → 3×K×H×L×d
            var attended = scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], is_casual: true)
                .transpose(1, 2).flatten(2);                                     // K×H×L×d → K×L×W
            x = x + linear(attended, attn_out_proj_weight, attn_out_proj_bias);
            var hidden = linear(ln_2.Forward(x), mlp_c_fc_weight, mlp_c_fc_bias);
            hidden = config.Activation is Activation.QuickGelu ? hidden * (1.702 * hidden).sigmoid() : gelu(hidden);
            return x + linear(hidden, mlp_c_proj_weight, mlp_c_proj_bias);
        }
    }
}
