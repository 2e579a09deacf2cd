namespace TaskRes.Core.Clip;

/// <summary>The random tensors of a modified ResNet, under OpenAI's names. Convolutions keep the variance of what passes them.</summary>
internal static class RandomResNetTower
{
    public static void Add(RandomTensors tensors, ClipConfig config, ResNetConfig resNet)
    {
        var width = resNet.Width;
        Convolution(tensors, "visual.conv1", "visual.bn1", width / 2, 3, 3);
        Convolution(tensors, "visual.conv2", "visual.bn2", width / 2, width / 2, 3);
        Convolution(tensors, "visual.conv3", "visual.bn3", width, width / 2, 3);
        var channels = width;
        for (var stage = 0; stage < resNet.Layers.Count; stage++)
        {
            var planes = width << stage;
            for (var block = 0; block < resNet.Layers[stage]; block++)
            {
                var name = $"visual.layer{stage + 1}.{block}";
                Convolution(tensors, $"{name}.conv1", $"{name}.bn1", planes, channels, 1);
                Convolution(tensors, $"{name}.conv2", $"{name}.bn2", planes, planes, 3);
                Convolution(tensors, $"{name}.conv3", $"{name}.bn3", 4 * planes, planes, 1);
                if (block == 0) Convolution(tensors, $"{name}.downsample.0", $"{name}.downsample.1", 4 * planes, channels, 1);
                channels = 4 * planes;
            }
        }
        AttentionPool(tensors, config.ImageSize / ModifiedResNet.Reduction, channels, config.EmbeddingDimension);
    }

    private static void AttentionPool(RandomTensors tensors, int grid, int width, int outputs)
    {
        var deviation = 1 / Math.Sqrt(width);
        tensors.Normal("visual.attnpool.positional_embedding", deviation, grid * grid + 1, width);
        foreach (var part in (string[])["q_proj", "k_proj", "v_proj"]) tensors.Linear($"visual.attnpool.{part}", width, width, deviation);
        tensors.Linear("visual.attnpool.c_proj", outputs, width, deviation);
    }

    private static void Convolution(RandomTensors tensors, string name, string norm, int outputs, int inputs, int kernel)
    {
        tensors.Normal($"{name}.weight", Math.Sqrt(2.0 / (inputs * kernel * kernel)), outputs, inputs, kernel, kernel);
        tensors.Norm(norm, outputs);
        tensors.Constant($"{norm}.running_mean", 0, outputs);
        tensors.Constant($"{norm}.running_var", 1, outputs);
    }
}
