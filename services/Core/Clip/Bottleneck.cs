using TaskRes.Core.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TaskRes.Core.Clip;

/// <summary>
/// The residual block of <see cref="ModifiedResNet"/>: every convolution has stride 1, and an average pool before the last
/// one halves the resolution instead (openai/CLIP model.py, Bottleneck).
/// </summary>
internal sealed class Bottleneck
{
    private const int Expansion = 4;

    private readonly Tensor conv1_weight, conv2_weight, conv3_weight;
    private readonly BatchNorm2d bn1, bn2, bn3;
    private readonly Tensor? downsample_0_weight;
    private readonly BatchNorm2d? downsample_1;
    private readonly int _stride;

    public Bottleneck(Weights weights, string name, int inputChannels, int planes, int stride)
    {
        _stride = stride;
        conv1_weight = weights.Take($"{name}.conv1.weight", planes, inputChannels, 1, 1);
        bn1 = new BatchNorm2d(weights, $"{name}.bn1", planes);
        conv2_weight = weights.Take($"{name}.conv2.weight", planes, planes, 3, 3);
        bn2 = new BatchNorm2d(weights, $"{name}.bn2", planes);
        conv3_weight = weights.Take($"{name}.conv3.weight", planes * Expansion, planes, 1, 1);
        bn3 = new BatchNorm2d(weights, $"{name}.bn3", planes * Expansion);
        if (stride == 1 && inputChannels == planes * Expansion) return;
        downsample_0_weight = weights.Take($"{name}.downsample.0.weight", planes * Expansion, inputChannels, 1, 1);
        downsample_1 = new BatchNorm2d(weights, $"{name}.downsample.1", planes * Expansion);
    }

    /// <param name="x">batch × input channels × height × width.</param>
    /// <returns>batch × 4·planes × height/stride × width/stride.</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = bn1.Forward(conv2d(x, conv1_weight)).relu_();
        y = bn2.Forward(conv2d(y, conv2_weight, padding: [1, 1])).relu_();
        y = bn3.Forward(conv2d(Pooled(y), conv3_weight));
        if (downsample_0_weight is not null) x = downsample_1!.Forward(conv2d(Pooled(x), downsample_0_weight));
        return y.add_(x).relu_().MoveToOuterDisposeScope();
    }

    private Tensor Pooled(Tensor x) => _stride == 1 ? x : avg_pool2d(x, _stride);
}
