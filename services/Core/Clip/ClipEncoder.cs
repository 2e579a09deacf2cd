using TaskRes.Core.Checkpoints;
using TaskRes.Core.Images;
using TaskRes.Core.Learning;
using TaskRes.Core.Text;
using TaskRes.Core.Torch;
using static TorchSharp.torch;

namespace TaskRes.Core.Clip;

/// <summary>
/// A frozen CLIP: images and texts to embeddings of D values, as the projections give them (not normalised), in float32.
/// Several threads may call it at once; it is disposed after the last call.
/// </summary>
public sealed class ClipEncoder : IDisposable
{
    private readonly Towers _towers;
    private readonly ITextTokenizer? _tokenizer;

    private ClipEncoder(Towers towers, ITextTokenizer? tokenizer, ImagePreprocessor preprocessor, ClipModelInfo info)
    {
        _towers = towers;
        _tokenizer = tokenizer;
        Preprocessor = preprocessor;
        Info = info;
    }

    public ClipModelInfo Info { get; }

    /// <summary>Whether texts can be encoded; token ids can always.</summary>
    public bool HasTokenizer => _tokenizer is not null;

    /// <exception cref="TaskResException"><see cref="ErrorReason.TokenizerInvalid"/>: the model was loaded without one.</exception>
    public ITextTokenizer Tokenizer => _tokenizer ?? throw ModelTokenizer.Absent(Info.Name);

    public ImagePreprocessor Preprocessor { get; }

    /// <summary>The text tower's projection, C×D, from which an enhanced base is tuned; null where there is none of that form (SigLIP).</summary>
    public Matrix? TextProjection { get; private init; }

    /// <summary>Loads a model. Nothing of the file stays in memory but the weights in use.</summary>
    /// <exception cref="TaskResException">CheckpointNotFound, CheckpointCorrupt, CheckpointUnsupported, CheckpointMismatch or
    /// TokenizerInvalid, naming the file and the fault; DeviceUnavailable; InvalidField for a malformed option.</exception>
    public static ClipEncoder Load(ClipLoadOptions options)
    {
        var device = TorchRuntime.ResolveDevice(options.Device);
        var precision = options.Precision.Resolve(device);
        var folder = Checkpoint.Folder(options.Path);
        using var checkpoint = Checkpoint.Open(options.Path);
        var config = ConfigFiles.Read(checkpoint, folder, options.Activation);
        var tokenizer = ModelTokenizer.Find(options.TokenizerPath, folder, config);
        var preprocessing = ModelPreprocessing.Read(folder, config, options);
        var preprocessor = new ImagePreprocessor(preprocessing, options.ImageLimits);

        var towers = new Towers(checkpoint, config, precision, device);
        var fingerprint = Fingerprint.Of(checkpoint, config, ModelPreprocessing.Describe(preprocessing), tokenizer?.Fingerprint ?? "");
        var projection = ReadProjection(checkpoint);
        TorchRuntime.ReturnFreedMemory();
        return new ClipEncoder(towers, tokenizer, preprocessor, new ClipModelInfo(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(options.Path)),
            fingerprint,
            config.Architecture,
            config.EmbeddingDimension,
            config.ImageSize,
            config.ContextLength,
            config.VocabularySize,
            towers.LogitScale,
            precision,
            device.ToString(),
            towers.Parameters,
            towers.WeightBytes)
        {
            LogitBias = towers.LogitBias,
        })
        {
            TextProjection = projection,
        };
    }

    /// <summary>What <see cref="ClipModelInfo.Fingerprint"/> would be, without loading the model.</summary>
    /// <exception cref="TaskResException">As <see cref="Load"/>.</exception>
    public static string FingerprintOf(ClipLoadOptions options)
    {
        var folder = Checkpoint.Folder(options.Path);
        using var checkpoint = Checkpoint.Open(options.Path);
        var config = ConfigFiles.Read(checkpoint, folder, options.Activation);
        var tokenizer = ModelTokenizer.Find(options.TokenizerPath, folder, config);
        return Fingerprint.Of(checkpoint, config, ModelPreprocessing.Describe(ModelPreprocessing.Read(folder, config, options)), tokenizer?.Fingerprint ?? "");
    }

    /// <summary>What <see cref="TextProjection"/> would be, without loading the model.</summary>
    /// <exception cref="TaskResException">CheckpointNotFound, CheckpointCorrupt or CheckpointUnsupported.</exception>
    public static Matrix? TextProjectionOf(ClipLoadOptions options)
    {
        using var checkpoint = Checkpoint.Open(options.Path);
        return ReadProjection(checkpoint);
    }

    /// <summary>Embeds preprocessed images.</summary>
    /// <param name="pixels">count × 3 × S × S values, as <see cref="Preprocessor"/> writes them.</param>
    /// <param name="count">Number of images.</param>
    /// <returns>count rows of D.</returns>
    /// <exception cref="TaskResException">InvalidField: not so many values; FeaturesInvalid: the output is not finite.</exception>
    public float[][] EncodeImages(ReadOnlySpan<float> pixels, int count) => _towers.EncodeImages(pixels, count);

    /// <summary>Embeds token ids. A row's embedding does not depend on the other rows.</summary>
    /// <param name="ids">Each from start to end of text; what follows the end does not matter.</param>
    /// <returns>A row of D each.</returns>
    /// <exception cref="TaskResException">InvalidField or LimitExceeded, naming the row; FeaturesInvalid: the output is not finite.</exception>
    public float[][] EncodeTexts(IReadOnlyList<int[]> ids) => _towers.EncodeTexts(ids);

    /// <summary>Tokenizes, truncating to the context length, and embeds.</summary>
    /// <returns>A row of D each.</returns>
    /// <exception cref="TaskResException">TokenizerInvalid: the model was loaded without one; LimitExceeded: a text is too long.</exception>
    public float[][] EmbedTexts(IReadOnlyList<string> texts) =>
        EncodeTexts([.. texts.Select(text => Tokenizer.Encode(text, Info.ContextLength))]);

    /// <summary>Decodes, crops and embeds images, a batch at a time.</summary>
    /// <param name="images">JPEG, PNG, WebP, GIF or BMP bytes.</param>
    /// <returns>A row of D each.</returns>
    /// <exception cref="TaskResException">ImageUnreadable or ImageTooLarge, naming the image by its index.</exception>
    public float[][] EmbedImages(IReadOnlyList<ReadOnlyMemory<byte>> images)
    {
        var rows = new List<float[]>(images.Count);
        var size = Preprocessor.ElementCount;
        var pixels = new float[Math.Min(images.Count, Towers.MaxImages) * size];
        for (var start = 0; start < images.Count; start += Towers.MaxImages)
        {
            var (first, count) = (start, Math.Min(Towers.MaxImages, images.Count - start));
            Preprocess(images, first, count, pixels);
            rows.AddRange(EncodeImages(pixels.AsSpan(0, count * size), count));
        }
        return [.. rows];
    }

    public void Dispose() => _towers.Dispose();

    private static Matrix? ReadProjection(ICheckpoint checkpoint)
    {
        if (!checkpoint.Tensors.TryGetValue("text_projection", out var stored)) return null;
        using var scope = NewDisposeScope();
        return new Matrix((int)stored.Shape[0], (int)stored.Shape[1], checkpoint.Read("text_projection").to(ScalarType.Float32).contiguous().data<float>().ToArray());
    }

    private void Preprocess(IReadOnlyList<ReadOnlyMemory<byte>> images, int first, int count, float[] pixels)
    {
        var size = Preprocessor.ElementCount;
        var faults = new TaskResException?[count];
        Parallel.For(0, count, i =>
        {
            try
            {
                Preprocessor.Preprocess(images[first + i], view: 0, pixels.AsSpan(i * size, size));
            }
            catch (TaskResException fault)
            {
                faults[i] = new TaskResException(fault.Reason, $"images[{first + i}]: {fault.Message}", fault) { Field = $"images[{first + i}]", Metadata = fault.Metadata };
            }
        });
        // The first by index, whichever thread met one first.
        if (faults.FirstOrDefault(fault => fault is not null) is { } refused) throw refused;
    }
}
