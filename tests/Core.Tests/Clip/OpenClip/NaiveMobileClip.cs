namespace TaskRes.Core.Tests.Clip.OpenClip;

/// <summary>MobileCLIP-B's two towers in double precision and loops, from the paper and the format's reference.</summary>
internal sealed class NaiveMobileClip(MobileClipFolder model) : NaiveTower(model.Tensors)
{
    private const double TextEps = 1e-5, VisionEps = 1e-6, BatchNormEps = 1e-5;

    public double[] Text(int[] ids)
    {
        double[][] x = [.. ids.Select((id, place) => Sum(Row("text.token_embedding.weight", id), Row("text.positional_embedding", place)))];
        for (var layer = 0; layer < MobileClipFolder.Layers; layer++)
        {
            var block = $"text.transformer.resblocks.{layer}";
            x = Block(x, block, ("ln_1", "attn.in_proj_", "attn.out_proj", "ln_2", "mlp.c_fc", "mlp.c_proj"), MobileClipFolder.TextHeads, TextEps, causal: true);
        }

        var end = Norm([x[Array.IndexOf(ids, ids.Max())]], "text.ln_final", TextEps)[0];
        return [.. Enumerable.Range(0, MobileClipFolder.Embedding).Select(output => end.Select((value, input) => value * Values("text.text_projection")[(input * MobileClipFolder.Embedding) + output]).Sum())];
    }

    /// <param name="pixels">3 × S × S.</param>
    public double[] Image(float[] pixels)
    {
        var stem = "visual.trunk.patch_embed.backbone";
        double[][] planes = [.. pixels.Chunk(pixels.Length / 3).Select(plane => plane.Select(value => (double)value).ToArray())];
        for (var i = 0; i < 2; i++) planes = [.. Convolved(planes, $"{stem}.{i}.conv", i).Select((plane, channel) => Normed(plane, $"{stem}.{i}.bn", channel))];
        planes = Convolved(planes, $"{stem}.2.conv", 2);

        var bias = Values($"{stem}.2.conv.bias");
        double[][] x = [.. Enumerable.Range(0, planes[0].Length).Select(place => Sum([.. planes.Select((plane, channel) => plane[place] + bias[channel])], Row("visual.trunk.pos_embed", place)))];
        x = [Row("visual.trunk.cls_token", 0), .. x];
        for (var layer = 0; layer < MobileClipFolder.Layers; layer++)
            x = Block(x, $"visual.trunk.blocks.{layer}", ("norm1", "attn.qkv.", "attn.proj", "norm2", "mlp.fc1", "mlp.fc2"), MobileClipFolder.VisionHeads, VisionEps, causal: false);
        return Linear(Norm([x[0]], "visual.trunk.norm", VisionEps), "visual.trunk.head")[0];
    }

    /// <summary>A convolution whose stride is its kernel's side, without bias.</summary>
    private double[][] Convolved(double[][] planes, string name, int index)
    {
        var (kernel, weight) = (MobileClipFolder.Kernels[index], Values($"{name}.weight"));
        var side = (int)Math.Sqrt(planes[0].Length);
        var grid = side / kernel;
        var output = new double[weight.Length / (planes.Length * kernel * kernel)][];
        for (var channel = 0; channel < output.Length; channel++)
        {
            output[channel] = new double[grid * grid];
            for (var place = 0; place < output[channel].Length; place++)
                for (var input = 0; input < planes.Length; input++)
                    for (var y = 0; y < kernel; y++)
                        for (var x = 0; x < kernel; x++)
                            output[channel][place] += (double)weight[(((((channel * planes.Length) + input) * kernel) + y) * kernel) + x]
                                * planes[input][(((place / grid * kernel) + y) * side) + (place % grid * kernel) + x];
        }

        return output;
    }

    private double[] Normed(double[] plane, string name, int channel)
    {
        double Of(string part) => Values($"{name}.{part}")[channel];
        return [.. plane.Select(value => Gelu(((value - Of("running_mean")) / Math.Sqrt(Of("running_var") + BatchNormEps) * Of("weight")) + Of("bias")))];
    }

    private double[][] Block(double[][] x, string block, (string Norm1, string In, string Out, string Norm2, string Up, string Down) names, int heads, double eps, bool causal)
    {
        var width = x[0].Length;
        var projected = Linear(Norm(x, $"{block}.{names.Norm1}", eps), Values($"{block}.{names.In}weight"), Values($"{block}.{names.In}bias"));
        double[][] Part(int part) => [.. projected.Select(row => row[(part * width)..((part + 1) * width)])];
        x = Sum(x, Linear(Attention(Part(0), Part(1), Part(2), heads, causal), $"{block}.{names.Out}"));
        return Sum(x, Linear([.. Linear(Norm(x, $"{block}.{names.Norm2}", eps), $"{block}.{names.Up}").Select(row => row.Select(Gelu).ToArray())], $"{block}.{names.Down}"));
    }

    private static double Gelu(double x) => 0.5 * x * (1 + Erf(x / Math.Sqrt(2)));

    /// <summary>By its series of positive terms: 2/√π · e^(−x²) · Σ 2ⁿx²ⁿ⁺¹/(1·3·…·(2n + 1)).</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6) return Math.Sign(x);
        var (term, sum) = (x, x);
        for (var n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++) sum += term *= 2 * x * x / ((2 * n) + 1);
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
