namespace TaskRes.Core.Clip;

/// <summary>
/// The text tower's random tensors, with the deviations of OpenAI's <c>initialize_parameters</c>. Beside a ViT they bear
/// Hugging Face's names, beside a ResNet, which that library has not, OpenAI's.
/// </summary>
internal static class RandomTextTower
{
    /// <summary>ln(1/0.07), where training starts.</summary>
    private const double LogitScale = 2.6592;

    public static void Add(RandomTensors tensors, ClipConfig config)
    {
        var (width, dimension) = (config.Text.Width, config.EmbeddingDimension);
        var deviation = 1 / Math.Sqrt(width);
        tensors.Constant("logit_scale", LogitScale);
        if (config.Vision is VitConfig)
        {
            tensors.Normal("text_model.embeddings.token_embedding.weight", 0.02, config.VocabularySize, width);
            tensors.Normal("text_model.embeddings.position_embedding.weight", 0.01, config.ContextLength, width);
            AddHuggingFaceBlocks(tensors, "text_model.encoder.layers", config.Text);
            tensors.Norm("text_model.final_layer_norm", width);
            tensors.Normal("text_projection.weight", deviation, dimension, width);
        }
        else
        {
            tensors.Normal("token_embedding.weight", 0.02, config.VocabularySize, width);
            tensors.Normal("positional_embedding", 0.01, config.ContextLength, width);
            AddOpenAIBlocks(tensors, "transformer.resblocks", config.Text);
            tensors.Norm("ln_final", width);
            tensors.Normal("text_projection", deviation, width, dimension);
        }
    }

    public static void AddHuggingFaceBlocks(RandomTensors tensors, string name, TransformerConfig tower)
    {
        var width = tower.Width;
        var (attention, residual, inner) = Deviations(tower);
        for (var i = 0; i < tower.Layers; i++)
        {
            foreach (var part in (string[])["q_proj", "k_proj", "v_proj"]) tensors.Linear($"{name}.{i}.self_attn.{part}", width, width, attention);
            tensors.Linear($"{name}.{i}.self_attn.out_proj", width, width, residual);
            tensors.Norm($"{name}.{i}.layer_norm1", width);
            tensors.Linear($"{name}.{i}.mlp.fc1", tower.MlpWidth, width, inner);
            tensors.Linear($"{name}.{i}.mlp.fc2", width, tower.MlpWidth, residual);
            tensors.Norm($"{name}.{i}.layer_norm2", width);
        }
    }

    private static void AddOpenAIBlocks(RandomTensors tensors, string name, TransformerConfig tower)
    {
        var width = tower.Width;
        var (attention, residual, inner) = Deviations(tower);
        for (var i = 0; i < tower.Layers; i++)
        {
            tensors.Normal($"{name}.{i}.attn.in_proj_weight", attention, 3 * width, width);
            tensors.Constant($"{name}.{i}.attn.in_proj_bias", 0, 3 * width);
            tensors.Linear($"{name}.{i}.attn.out_proj", width, width, residual);
            tensors.Norm($"{name}.{i}.ln_1", width);
            tensors.Linear($"{name}.{i}.mlp.c_fc", tower.MlpWidth, width, inner);
            tensors.Linear($"{name}.{i}.mlp.c_proj", width, tower.MlpWidth, residual);
            tensors.Norm($"{name}.{i}.ln_2", width);
        }
    }

    private static (double Attention, double Residual, double Inner) Deviations(TransformerConfig tower) =>
        (Math.Pow(tower.Width, -0.5), Math.Pow(tower.Width * 2.0 * tower.Layers, -0.5), Math.Pow(2.0 * tower.Width, -0.5));
}
