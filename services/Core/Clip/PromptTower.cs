using TaskRes.Core.Checkpoints;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;
using TaskRes.Core.Torch;
using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>
/// A text tower of its own for learning prompts: float32, and plain operations that libtorch differentiates, where
/// <see cref="ClipEncoder"/>'s is laid out for inference alone.
/// </summary>
public sealed class PromptTower : IPromptTower, IDisposable
{
    private readonly Weights _weights;
    private readonly PromptTransformer _transformer;
    private readonly Tensor _before;
    private readonly Tensor _after;
    private readonly Tensor _endOfText;

    private PromptTower(Weights weights, PromptTransformer transformer, ClipConfig config, TokenBatch names)
    {
        (_weights, _transformer) = (weights, transformer);
        Classes = names.EndOfText.Length;
        Width = config.Text.Width;
        MaxContext = config.ContextLength - names.Length;
        using var scope = NewDisposeScope();
        var embedded = _transformer.Embed(tensor(names.Ids, [Classes, names.Length]).to(weights.Device)); // K×L×W
        _before = embedded.narrow(1, 0, 1).DetachFromDisposeScope();
        _after = embedded.narrow(1, 1, names.Length - 1).DetachFromDisposeScope();
        _endOfText = tensor(names.EndOfText).to(weights.Device).DetachFromDisposeScope();
    }

    public int Classes { get; }

    public int Width { get; }

    public int MaxContext { get; }

    /// <summary>Loads the text tower of a model for prompts of "context, class name, full stop".</summary>
    /// <param name="options">The model; its precision is not heeded.</param>
    /// <param name="classNames">K names.</param>
    /// <exception cref="TaskResException">As <see cref="ClipEncoder.Load"/>; LimitExceeded where a name leaves no room for context.</exception>
    public static PromptTower Load(ClipLoadOptions options, IReadOnlyList<string> classNames)
    {
        var device = TorchRuntime.ResolveDevice(options.Device);
        var folder = Checkpoint.Folder(options.Path);
        using var checkpoint = Checkpoint.Open(options.Path);
        var config = ConfigFiles.Read(checkpoint, folder, options.Activation);
        if (config.Padding is not null) throw CheckpointErrors.Unsupported(options.Path, "prompts are learnt through CLIP's text tower; this is SigLIP's");
        var tokenizer = ModelTokenizer.Find(options.TokenizerPath, folder, config) ?? throw ModelTokenizer.Absent(Path.GetFileName(options.Path));
        var names = TokenBatch.Of([.. classNames.Select(name => tokenizer.Encode($"{name}.", config.ContextLength))], 0, classNames.Count, config);
        if (names.Length >= config.ContextLength) throw TaskResException.OverLimit("class_names", names.Length, config.ContextLength - 1, "tokens");
        var weights = new Weights(checkpoint, ScalarType.Float32, device);
        try
        {
            var transformer = new PromptTransformer(weights, config);
            weights.Complete("visual.", "logit_scale");
            return new PromptTower(weights, transformer, config, names);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    public Matrix Encode(Matrix context)
    {
        using var scope = NewDisposeScope();
        using var without = no_grad();
        return ToMatrix(Forward(ToTensor(context)));
    }

    public Matrix Backward(Matrix context, Func<Matrix, Matrix> byClasses)
    {
        using var scope = NewDisposeScope();
        var learnt = ToTensor(context).requires_grad_();
        var classes = Forward(learnt);
        var gradient = ToTensor(byClasses(ToMatrix(classes.detach())));
        classes.backward([gradient]);
        return ToMatrix(learnt.grad!);
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { _before, _after, _endOfText }) tensor.Dispose();
        _weights.Dispose();
    }

    private Tensor Forward(Tensor context) // M×W → K×D
    {
        var shared = context.unsqueeze(0).expand(Classes, -1, -1);                             // K×M×W
        return _transformer.Forward(cat([_before, shared, _after], 1), _endOfText + context.shape[0]);
    }

    private Tensor ToTensor(Matrix matrix) => tensor(matrix.Values, [matrix.Rows, matrix.Columns]).to(_weights.Device);

    private static Matrix ToMatrix(Tensor rows)
    {
        using var onCpu = rows.cpu().contiguous();
        return new Matrix((int)rows.shape[0], (int)rows.shape[1], onCpu.data<float>().ToArray());
    }
}
