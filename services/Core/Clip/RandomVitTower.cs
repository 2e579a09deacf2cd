namespace TaskRes.Core.Clip;

/// <summary>The random tensors of a ViT, under Hugging Face's names.</summary>
internal static class RandomVitTower
{
    public static void Add(RandomTensors tensors, ClipConfig config, VitConfig vit)
    {
        var width = vit.Transformer.Width;
        var grid = config.ImageSize / vit.PatchSize;
        var deviation = 1 / Math.Sqrt(width);
        tensors.Normal("vision_model.embeddings.class_embedding", deviation, width);
        tensors.Normal("vision_model.embeddings.patch_embedding.weight", 1 / Math.Sqrt(3 * vit.PatchSize * vit.PatchSize), width, 3, vit.PatchSize, vit.PatchSize);
        tensors.Normal("vision_model.embeddings.position_embedding.weight", deviation, grid * grid + 1, width);
        tensors.Norm("vision_model.pre_layrnorm", width);
        RandomTextTower.AddHuggingFaceBlocks(tensors, "vision_model.encoder.layers", vit.Transformer);
        tensors.Norm("vision_model.post_layernorm", width);
        tensors.Normal("visual_projection.weight", deviation, config.EmbeddingDimension, width);
    }
}
