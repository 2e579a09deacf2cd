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

    private readonly NormalizedConv2d conv1, conv2, conv3;
    private readonly NormalizedConv2d? downsample;
    private readonly int _stride;

    public Bottleneck(Weights weights, string name, int inputChannels, int planes, int stride)
    {
        var outputs = planes * Expansion;
        _stride = stride;
        conv1 = new NormalizedConv2d(weights, $"{name}.conv1", $"{name}.bn1", (planes, inputChannels, 1));
        conv2 = new NormalizedConv2d(weights, $"{name}.conv2", $"{name}.bn2", (planes, planes, 3));
        conv3 = new NormalizedConv2d(weights, $"{name}.conv3", $"{name}.bn3", (outputs, planes, 1));
        if (stride > 1 || inputChannels != outputs)
            downsample = new NormalizedConv2d(weights, $"{name}.downsample.0", $"{name}.downsample.1", (outputs, inputChannels, 1));
    }

    /// <param name="x">batch × input channels × height × width.</param>
    /// <returns>batch × 4·planes × height/stride × width/stride.</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = conv1.Forward(x).relu_();
        y = conv2.Forward(y).relu_();
        y = conv3.Forward(Pooled(y));
        if (downsample is not null) x = downsample.Forward(Pooled(x));
        return y.add_(x).relu_().MoveToOuterDisposeScope();
    }

    private Tensor Pooled(Tensor x) => _stride == 1 ? x : avg_pool2d(x, _stride);
}
