namespace TaskRes.Core.Tests.Clip.Siglip;

/// <summary>SigLIP's two towers in double precision and loops, from the paper and the format's reference, with nothing of the product's.</summary>
internal sealed class NaiveSiglip(SiglipFolder model) : NaiveTower(model.Tensors)
{
    private const double Eps = 1e-6;

    public double[] Text(int[] ids)
    {
        int[] padded = [.. ids, .. Enumerable.Repeat(SiglipFolder.Padding, SiglipFolder.Context - ids.Length)];
        double[][] x = [.. padded.Select((id, place) => Sum(Row("text_model.embeddings.token_embedding.weight", id), Row("text_model.embeddings.position_embedding.weight", place)))];
        x = Norm(Encoder("text_model", x), "text_model.final_layer_norm", Eps);
        return Linear([x[^1]], "text_model.head")[0];
    }

    /// <param name="pixels">3 × S × S.</param>
    public double[] Image(float[] pixels)
    {
        var grid = SiglipFolder.ImageSize / SiglipFolder.Patch;
        var x = new double[grid * grid][];
        for (var place = 0; place < x.Length; place++) x[place] = Sum(Patch(pixels, place / grid, place % grid), Row("vision_model.embeddings.position_embedding.weight", place));
        x = Norm(Encoder("vision_model", x), "vision_model.post_layernorm", Eps);

        double[] probe = [.. Values("vision_model.head.probe").Select(value => (double)value)];
        double[][] Project(double[][] rows, int part) =>
            Linear(rows, Values("vision_model.head.attention.in_proj_weight").AsSpan(part * SiglipFolder.Width * SiglipFolder.Width, SiglipFolder.Width * SiglipFolder.Width).ToArray(),
                Values("vision_model.head.attention.in_proj_bias").AsSpan(part * SiglipFolder.Width, SiglipFolder.Width).ToArray());
        var pooled = Linear(Attention(Project([probe], 0), Project(x, 1), Project(x, 2), SiglipFolder.Heads), "vision_model.head.attention.out_proj");
        return Sum(pooled[0], Mlp(Norm(pooled, "vision_model.head.layernorm", Eps), "vision_model.head.mlp")[0]);
    }

    private double[] Patch(float[] pixels, int row, int column)
    {
        var (weight, bias) = (Values("vision_model.embeddings.patch_embedding.weight"), Values("vision_model.embeddings.patch_embedding.bias"));
        var output = new double[SiglipFolder.Width];
        for (var channel = 0; channel < output.Length; channel++)
        {
            output[channel] = bias[channel];
            for (var colour = 0; colour < 3; colour++)
                for (var y = 0; y < SiglipFolder.Patch; y++)
                    for (var x = 0; x < SiglipFolder.Patch; x++)
                        output[channel] += (double)weight[(((((channel * 3) + colour) * SiglipFolder.Patch) + y) * SiglipFolder.Patch) + x]
                            * pixels[(((colour * SiglipFolder.ImageSize) + (row * SiglipFolder.Patch) + y) * SiglipFolder.ImageSize) + (column * SiglipFolder.Patch) + x];
        }

        return output;
    }

    private double[][] Encoder(string tower, double[][] x)
    {
        for (var layer = 0; layer < SiglipFolder.Layers; layer++)
        {
            var block = $"{tower}.encoder.layers.{layer}";
            var normed = Norm(x, $"{block}.layer_norm1", Eps);
            var attended = Attention(Linear(normed, $"{block}.self_attn.q_proj"), Linear(normed, $"{block}.self_attn.k_proj"), Linear(normed, $"{block}.self_attn.v_proj"), SiglipFolder.Heads);
            x = Sum(x, Linear(attended, $"{block}.self_attn.out_proj"));
            x = Sum(x, Mlp(Norm(x, $"{block}.layer_norm2", Eps), $"{block}.mlp"));
        }

        return x;
    }

    private double[][] Mlp(double[][] x, string name) => Linear([.. Linear(x, $"{name}.fc1").Select(row => row.Select(Gelu).ToArray())], $"{name}.fc2");

    private static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));
}
