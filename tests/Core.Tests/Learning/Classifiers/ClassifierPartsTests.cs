using System.Security.Cryptography;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Classifiers;
using TaskRes.Core.Learning.Evidence;
using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Tests.Learning.Classifiers;

/// <summary>A revision's parts beside base and residual, through its file.</summary>
public sealed class ClassifierPartsTests
{
    private static readonly HeldOutEvidence Evidence = new(Verdict.Improves, 4, 20, 0.5, 1 / 3.0, 1.25, 0.7, 0.1, 0.9);

    public static MatrixTheoryData<string, string> Kinds => new(ClassifierSamples.ImageKinds, ClassifierSamples.AddedKinds);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Parse_WhatWasWritten_GivesTheSameBytesIdAndLogits(string image, string added)
    {
        var revision = Of(image, added, Evidence);
        var bytes = revision.ToSafetensors();

        var read = Revision.Parse(bytes, "revision");

        Assert.Equal(bytes, read.ToSafetensors());
        Assert.Equal(revision.Id, read.Id);
        Assert.Equal(Evidence, read.Evidence);
        Assert.Equal((image, added), (KindOf(read.Image), KindOf(read.Added)));
        var features = new ClassifierSamples(8).Noise(4, 16);
        Assert.Equal(revision.Classifier.Logits(features).Values, read.Classifier.Logits(features).Values);
    }

    [Fact]
    public void Id_EveryPartAndValueOfIt_ChangesIt()
    {
        var samples = new ClassifierSamples(4);
        var (residual, adapter, affine, cache) = (samples.ImageResidual, samples.Adapter, samples.Affine, samples.Cache);
        List<Revision> revisions =
        [
            With(null, null),
            With(residual, null), With(residual with { Alpha = 0.8 }, null), With(residual with { Residual = Other(residual.Residual) }, null),
            With(adapter, null), With(adapter with { Ratio = 0.4 }, null), With(adapter with { Down = Other(adapter.Down) }, null), With(adapter with { Up = Other(adapter.Up) }, null),
            With(null, affine), With(null, affine with { Weights = Other(affine.Weights) }), With(null, affine with { Bias = Other(affine.Bias) }),
            With(null, cache), With(null, cache with { Alpha = 2 }), With(null, cache with { Beta = 6 }), With(null, cache with { Keys = Other(cache.Keys) }),
            With(null, cache with { Labels = new Matrix(1, 9, [1, 4, 2, 2, 1, 0, 3, 4, 0]) }),
            With(residual, cache), With(adapter, affine),
            With(null, null, Evidence), With(null, null, Evidence with { GainLow = 0.2 }), With(null, null, HeldOutEvidence.None),
        ];

        Assert.Equal(revisions.Count, revisions.Select(revision => revision.Id).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Parse_AnyByteOfTheTensorsChanged_IsRefused(string image, string added)
    {
        var sound = Of(image, added, Evidence).ToSafetensors();
        var random = new Random(6);
        var header = 8 + BitConverter.ToInt32(sound, 0);
        for (var attempt = 0; attempt < 60; attempt++)
        {
            var damaged = (byte[])sound.Clone();
            damaged[random.Next(header, damaged.Length)] ^= (byte)(1 << random.Next(8));

            Assert.Equal(ErrorReason.RevisionCorrupt, Assert.Throws<TaskResException>(() => Revision.Parse(damaged, "damaged")).Reason);
        }
    }

    [Theory]
    [InlineData("residual", "none", "image_alpha")]
    [InlineData("adapter", "none", "image_adapter_ratio")]
    [InlineData("none", "cache", "cache_alpha")]
    [InlineData("none", "cache", "cache_beta")]
    public void Parse_NumberOfAPartLackingOrChanged_IsRefused(string image, string added, string key)
    {
        var sound = Of(image, added, null).ToSafetensors();
        foreach (var value in new[] { null, "much", "NaN", "-1", "1e9", "0.123" })
        {
            var refusal = Assert.Throws<TaskResException>(() => Revision.Parse(Rewritten(sound, metadata =>
            {
                if (value is null) metadata.Remove(key);
                else metadata[key] = value;
            }), "faulty"));
            Assert.Equal(ErrorReason.RevisionCorrupt, refusal.Reason);
        }
    }

    [Theory]
    [InlineData("adapter", "none", "image.adapter.up")]
    [InlineData("none", "affine", "added.bias")]
    [InlineData("none", "cache", "added.cache.labels")]
    public void Parse_HalfAPart_IsRefused(string image, string added, string tensor)
    {
        var bytes = Rewritten(Of(image, added, null).ToSafetensors(), _ => { }, without: tensor);

        Assert.Equal(ErrorReason.RevisionCorrupt, Assert.Throws<TaskResException>(() => Revision.Parse(bytes, "faulty")).Reason);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"verdict\":null,\"folds\":4,\"examples\":20,\"base_accuracy\":0,\"accuracy\":0,\"base_loss\":0,\"loss\":0,\"gain_low\":0,\"gain_high\":0}")]
    [InlineData("{\"verdict\":1,\"folds\":4,\"examples\":20,\"base_accuracy\":0,\"accuracy\":0,\"base_loss\":0,\"loss\":0,\"gain_low\":0,\"gain_high\":0}")]
    [InlineData("{\"colour\":1}")]
    public void Parse_FaultyEvidence_IsRefused(string evidence)
    {
        var bytes = Rewritten(Of("none", "none", Evidence).ToSafetensors(), metadata => metadata["evidence"] = evidence);

        Assert.Equal(ErrorReason.RevisionCorrupt, Assert.Throws<TaskResException>(() => Revision.Parse(bytes, "faulty")).Reason);
    }

    [Theory]
    [InlineData("0.5", "1.5", "evidence.base_accuracy")]
    [InlineData("1.25", "-1.25", "evidence.base_loss")]
    [InlineData("improves", "harms", "evidence.verdict")]
    public void Parse_EvidenceOutOfRange_IsRefusedByName(string sound, string damaged, string field)
    {
        var bytes = Rewritten(
            Of("none", "none", Evidence).ToSafetensors(),
            metadata => metadata["evidence"] = metadata["evidence"].Replace(sound, damaged, StringComparison.Ordinal));

        var refusal = Assert.Throws<TaskResException>(() => Revision.Parse(bytes, "faulty"));

        Assert.Equal(ErrorReason.RevisionCorrupt, refusal.Reason);
        Assert.Contains(field, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToSafetensors_PartsThatDoNotFit_AreRefusedByName()
    {
        var samples = new ClassifierSamples(4);
        var (residual, adapter, affine, cache) = (samples.ImageResidual, samples.Adapter, samples.Affine, samples.Cache);
        void Refused(string field, ImageChange? image, AddedLogits? added)
        {
            var refusal = Assert.Throws<TaskResException>(() => With(image, added).ToSafetensors());
            Assert.Contains(refusal.Reason, new[] { ErrorReason.InvalidField, ErrorReason.FeaturesInvalid });
            Assert.StartsWith(field, refusal.Field, StringComparison.Ordinal);
        }

        Refused("image.residual", residual with { Residual = samples.Noise(1, 15) }, null);
        Refused("image.residual", residual with { Residual = samples.Noise(2, 16) }, null);
        Refused("image.residual", residual with { Residual = new Matrix(1, 16, [.. Enumerable.Repeat(float.NaN, 16)]) }, null);
        Refused("image_alpha", residual with { Alpha = double.NaN }, null);
        Refused("image_alpha", residual with { Alpha = -0.1 }, null);
        Refused("image.adapter.down", adapter with { Down = samples.Noise(3, 15) }, null);
        Refused("image.adapter.up", adapter with { Up = samples.Noise(16, 4) }, null);
        Refused("image.adapter.up", adapter with { Up = samples.Noise(15, 3) }, null);
        Refused("image_adapter_ratio", adapter with { Ratio = 1.1 }, null);
        Refused("added.weights", null, affine with { Weights = samples.Noise(4, 16) });
        Refused("added.bias", null, affine with { Bias = samples.Noise(1, 4) });
        Refused("added.bias", null, affine with { Bias = new Matrix(1, 5, [0, 0, 0, 0, float.PositiveInfinity]) });
        Refused("added.cache.keys", null, cache with { Keys = samples.Noise(9, 15) });
        Refused("added.cache.labels", null, cache with { Labels = samples.Noise(1, 8) });
        foreach (var label in new[] { -1, 5, 0.5f })
            Refused("added.cache.labels", null, cache with { Labels = new Matrix(1, 9, [0, 0, 0, 0, label, 0, 0, 0, 0]) });
        Refused("cache_alpha", null, cache with { Alpha = double.PositiveInfinity });
        Refused("cache_beta", null, cache with { Beta = -1 });
    }

    /// <summary>The most that a setting and a chosen weight can come to must not fail when it is to be kept.</summary>
    [Fact]
    public void ToSafetensors_TheLargestWeightOfTheLargestSetting_IsKept()
    {
        var samples = new ClassifierSamples(4);
        var classifier = (samples.Classifier("residual", "cache") with { Alpha = 10 }).Weighted(3);
        var (cache, image) = (samples.Cache with { Alpha = 10 * 20 }, samples.ImageResidual with { Alpha = 10 * 3 });

        var read = Revision.Parse(With(image, cache, alpha: classifier.Alpha).ToSafetensors(), "revision");

        Assert.Equal((30, 30, 200), (read.Alpha, ((ImageResidual)read.Image!).Alpha, ((CacheLogits)read.Added!).Alpha));
    }

    /// <summary>A file from before there were parts, evidence and choices, spelt out as it was written then.</summary>
    [Fact]
    public void Parse_FileFromBeforeThereWereParts_IsReadAndKeepsItsId()
    {
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "taskres.revision/1",
            ["class_names"] = """["cat","dog"]""",
            ["templates"] = """["a photo of a {}."]""",
            ["base_kind"] = "\"prompts\"",
            ["alpha"] = "0.5",
            ["logit_scale"] = "100",
            ["encoder_fingerprint"] = "0123abcd",
            ["settings"] = """{"method":"taskres","alpha":0.5,"epochs":null,"learning_rate":0.002,"weight_decay":0.0005,"batch_size":256,"seed":1,"warmup_learning_rate":1E-05}""",
            ["method"] = "taskres",
            ["example_digests"] = $"""["{new string('a', 64)}"]""",
            ["measured"] = """{"support_accuracy":1,"base_support_accuracy":0.5,"final_loss":0.25}""",
        };
        TensorData[] tensors = [TensorData.F32("base", [1, 2, 3, 4], [2, 2]), TensorData.F32("residual", [0, 0.5f, 0, -0.5f], [2, 2])];
        metadata["sha256"] = Convert.ToHexStringLower(SHA256.HashData(SafetensorsWriter.ToBytes(tensors, metadata)));
        var bytes = SafetensorsWriter.ToBytes(tensors, metadata);

        var read = Revision.Parse(bytes, "old");

        Assert.Equal(bytes, read.ToSafetensors());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes))[..32], read.Id);
        Assert.Equal((null, null, null), (read.Image, read.Added, read.Evidence));
        Assert.Equal(new TrainingSettings(), read.Settings);
    }

    private static Revision Of(string image, string added, HeldOutEvidence? evidence)
    {
        var samples = new ClassifierSamples(4);
        return With(samples.Image(image), samples.Added(added), evidence);
    }

    private static Revision With(ImageChange? image, AddedLogits? added, HeldOutEvidence? evidence = null, double alpha = 0.5)
    {
        var samples = new ClassifierSamples(4);
        return new Revision
        {
            ClassNames = ["a", "b", "c", "d", "e"],
            Templates = [PromptTemplates.Default],
            BaseKind = BaseKind.Prompts,
            Base = samples.Base,
            Residual = samples.Residual,
            Alpha = alpha,
            LogitScale = 30,
            EncoderFingerprint = "0123abcd",
            Settings = new TrainingSettings(),
            Method = TrainingSettings.TaskRes,
            ExampleDigests = [],
            Measured = null,
            Image = image,
            Added = added,
            Evidence = evidence,
        };
    }

    private static string KindOf(object? part) => part switch { ImageResidual => "residual", ImageAdapter => "adapter", AffineLogits => "affine", CacheLogits => "cache", _ => "none" };

    private static Matrix Other(Matrix matrix) => new(matrix.Rows, matrix.Columns, [.. matrix.Values[..^1], matrix.Values[^1] + 1]);

    private static byte[] Rewritten(byte[] sound, Action<Dictionary<string, string>> change, string? without = null)
    {
        using var file = SafetensorsFile.FromBytes(sound, "sound");
        var metadata = new Dictionary<string, string>(file.Header.Metadata);
        change(metadata);
        return SafetensorsWriter.ToBytes([.. file.Header.Tensors.Keys.Where(name => name != without).Select(name => MatrixFile.Tensor(name, MatrixFile.Read(file, name)))], metadata);
    }
}
