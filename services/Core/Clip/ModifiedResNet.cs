using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TaskRes.Core.Clip;

/// <summary>
/// The image tower of the RN family: a ResNet with a stem of three convolutions, antialiased strides, and an attention
/// pool for the average pool (openai/CLIP model.py, ModifiedResNet).
/// </summary>
internal sealed class ModifiedResNet : IVisionTower
{
    /// <summary>How much smaller the last feature map is than the image, a side.</summary>
    public const int Reduction = 32;

    private readonly NormalizedConv2d conv1, conv2, conv3;
    private readonly Bottleneck[] layers;
    private readonly AttentionPool2d attnpool;

    public ModifiedResNet(Weights weights, ResNetConfig config, int imageSize, int embeddingDimension)
    {
        var width = config.Width;
        conv1 = new NormalizedConv2d(weights, "visual.conv1", "visual.bn1", (width / 2, 3, 3), stride: 2);
        conv2 = new NormalizedConv2d(weights, "visual.conv2", "visual.bn2", (width / 2, width / 2, 3));
        conv3 = new NormalizedConv2d(weights, "visual.conv3", "visual.bn3", (width, width / 2, 3));
        layers = [.. Stages(weights, config)];
        attnpool = new AttentionPool2d(weights, "visual.attnpool", imageSize / Reduction, width * Reduction, config.Heads, embeddingDimension);
    }

    public Tensor Forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var x = conv1.Forward(pixels.to_type(conv1.Type)).relu_();         // B×3×S×S → B×W/2×S/2×S/2
        x = conv2.Forward(x).relu_();
        x = conv3.Forward(x).relu_();                                      // B×W×S/2×S/2
        x = avg_pool2d(x, 2);                                              // B×W×S/4×S/4
        foreach (var block in layers)
        {
            var input = x;
            x = block.Forward(input);
            input.Dispose();
        }
        return attnpool.Forward(x).MoveToOuterDisposeScope();              // B×32W×S/32×S/32 → B×D
    }

    /// <summary>layer1 … layer4: twice the planes each, and but for the first half the resolution.</summary>
    private static IEnumerable<Bottleneck> Stages(Weights weights, ResNetConfig config)
    {
        var channels = config.Width;
        for (var stage = 0; stage < config.Layers.Count; stage++)
        {
            var planes = config.Width << stage;
            for (var block = 0; block < config.Layers[stage]; block++)
            {
                var stride = stage > 0 && block == 0 ? 2 : 1;
                yield return new Bottleneck(weights, $"visual.layer{stage + 1}.{block}", channels, planes, stride);
                channels = 4 * planes;
            }
        }
    }
}
