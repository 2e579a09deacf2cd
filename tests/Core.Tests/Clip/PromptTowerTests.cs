using TaskRes.Core.Clip;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Methods;
using TaskRes.Core.Safetensors;
using TaskRes.Core.Tests.Text;
using TaskRes.Core.Text;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Clip;

public sealed class PromptTowerTests : IDisposable
{
    private static readonly string[] Names = ["cat", "ox", "elk"];

    private readonly TokenizerFolder _tokenizer = new();

    public PromptTowerTests()
    {
        // As many merges as make the small models' vocabulary of 640.
        var letters = "abcdefghijklm";
        _tokenizer.WithPair([.. letters.SelectMany(a => letters.Select(b => $"{a} {b}")).Take(640 - 512 - 2)]);
    }

    public static TheoryData<string> Files => ["openai.safetensors", "hf"];

    public void Dispose() => _tokenizer.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void Encode_EmbeddingsOfWords_IsTheTextOfThem(string file)
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), file);
        using var encoder = golden.Load(tokenizer: _tokenizer.Path);
        using var tower = Load(golden);

        var classes = tower.Encode(Words("a photo of a"));

        var texts = encoder.EmbedTexts([.. Names.Select(name => $"a photo of a {name}.")]);
        Assert.Equal((Names.Length, 64), (tower.Classes, tower.Width));
        Assert.InRange(Vectors.RelativeError(texts, [.. Enumerable.Range(0, classes.Rows).Select(row => classes.Row(row).ToArray())]), 0, 1e-4f);
    }

    [Fact]
    public void Backward_RandomContext_AgreesWithDifferences()
    {
        const float Step = 2e-3f;
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "hf");
        using var tower = Load(golden);
        var random = new SeededRandom(3);
        Matrix Noise(int rows, int columns, double scale) => new(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => (float)(scale * random.Normal()))]);
        var (context, weights) = (Noise(3, tower.Width, 0.1), Noise(Names.Length, 32, 1));

        var gradient = tower.Backward(context, _ => weights);

        Assert.Equal((3, tower.Width), (gradient.Rows, gradient.Columns));
        var largest = gradient.Values.Max(Math.Abs);
        for (var i = 0; i < context.Values.Length; i += 7)
        {
            var at = context.Values[i];
            context.Values[i] = at + Step;
            var slope = Weighted();
            context.Values[i] = at - Step;
            slope = (slope - Weighted()) / (2 * Step);
            context.Values[i] = at;
            Assert.Equal(slope, gradient.Values[i], 0.01 * largest);
        }

        double Weighted() => tower.Encode(context).Values.Zip(weights.Values, (value, weight) => (double)value * weight).Sum();
    }

    [Fact]
    public void Backward_TheClasses_AreThoseOfEncode()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "hf");
        using var tower = Load(golden);
        var (context, seen) = (Words("a photo of a"), Matrix.Zeros(1, 1));

        tower.Backward(context, classes => seen = classes);

        Assert.InRange(Difference(tower.Encode(context), seen), 0, 1e-5);
    }

    [Fact]
    public void Fit_CoOpOnTheSmallModel_LearnsThePromptsAndKeepsTheBase()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "hf");
        using var tower = Load(golden);
        // Images that lie where other words lead: a context can come nearer to them.
        var target = tower.Encode(Words("elf"));
        var support = new SupportSet([target], [0, 1, 2], 3);
        var task = FewShotTask.OfBase(tower.Encode(Words("of a")), support, 100) with { Prompts = tower };
        var method = FewShotMethods.Find("coop");

        var fitted = method.Fit(task, method.Defaults with { Epochs = 30, WarmupLearningRate = 0.01, LearningRate = 0.01 }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.InRange(fitted.Losses[^1], 0, 0.9 * fitted.Losses[0]);
        Assert.Equal(FewShotClassifier.ZeroShot(task.Base, 100).Logits(target).Values, fitted.Classifier.Weighted(0).Logits(target).Values);
    }

    [Fact]
    public void Load_NameThatLeavesNoRoom_IsRefused()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "hf");

        var refusal = Assert.Throws<TaskResException>(() => Load(golden, "cat", "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"));

        Assert.Equal((ErrorReason.LimitExceeded, "class_names"), (refusal.Reason, refusal.Field));
    }

    [Theory]
    [InlineData("text_projection", null, "text_projection")]
    [InlineData("transformer.resblocks.1.ln_2.bias", null, "transformer.resblocks.1.ln_2.bias")]
    [InlineData(null, "transformer.adapter", "transformer.adapter")]
    public void Load_TextTowerThatLacksATensorOrHasOneMore_IsRefusedByName(string? lacking, string? more, string field)
    {
        using var file = SafetensorsFile.Open(ReferenceData.Golden("vit", "openai.safetensors"));
        var tensors = file.Header.Tensors.Where(pair => pair.Key != lacking).Select(pair => TensorData.F32(pair.Key, file.Floats(pair.Key), pair.Value.Shape)).ToList();
        if (more is not null) tensors.Add(TensorData.F32(more, [1], [1]));
        var path = System.IO.Path.Combine(_tokenizer.Path, "odd.safetensors");
        SafetensorsWriter.Write(path, tensors);

        var refusal = Assert.Throws<TaskResException>(() => PromptTower.Load(new ClipLoadOptions { Path = path, Device = "cpu" }, Names));

        Assert.Equal((ErrorReason.CheckpointMismatch, field), (refusal.Reason, refusal.Field));
    }

    [Fact]
    public void Load_NoTokenizer_SaysHowToNameOne()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "hf");

        var refusal = Assert.Throws<TaskResException>(() => PromptTower.Load(new ClipLoadOptions { Path = golden.ModelPath, Device = "cpu" }, Names));

        Assert.Equal(ErrorReason.TokenizerInvalid, refusal.Reason);
    }

    [Fact]
    public void MaxContext_IsWhatTheLongestNameLeaves()
    {
        using var golden = new GoldenModel(ReferenceData.Golden("vit"), "hf");
        using var tower = Load(golden);

        var longest = Names.Max(name => ClipTokenizer.Load(_tokenizer.Path).Encode($"{name}.", 16).Length);

        Assert.Equal(16 - longest, tower.MaxContext);
        Assert.Equal(Names.Length, tower.Encode(Matrix.Zeros(tower.MaxContext, tower.Width)).Rows);
    }

    private PromptTower Load(GoldenModel golden, params string[] names) =>
        PromptTower.Load(new ClipLoadOptions { Path = golden.ModelPath, TokenizerPath = _tokenizer.Path, Device = "cpu" }, names.Length == 0 ? Names : names);

    // The rows of the token embedding that the words' tokens have.
    private Matrix Words(string text)
    {
        using var file = SafetensorsFile.Open(ReferenceData.Golden("vit", "openai.safetensors"));
        var embedding = MatrixFile.Read(file, "token_embedding.weight");
        return Dense.Rows(embedding, ClipTokenizer.Load(_tokenizer.Path).Encode(text, 16)[1..^1]);
    }

    private static double Difference(Matrix expected, Matrix actual) => expected.Values.Zip(actual.Values, (a, b) => Math.Abs(a - b)).Max();
}
