using System.Text;
using TaskRes.Core.Learning;
using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Tests.Learning;

public sealed class RevisionTests
{
    private static readonly SyntheticTask Task = new();

    [Fact]
    public void Parse_WhatWasWritten_GivesTheSameBytesIdAndContent()
    {
        var revision = Task.Revision();
        var bytes = revision.ToSafetensors();

        var read = Revision.Parse(bytes, "revision");

        Assert.Equal(bytes, read.ToSafetensors());
        Assert.Equal(revision.Id, read.Id);
        Assert.Equal(revision.Residual.Values, read.Residual.Values);
        Assert.Equal(revision.ClassNames, read.ClassNames);
        Assert.Equal(revision.Settings, read.Settings);
        Assert.Equal(revision.Measured, read.Measured);
        Assert.Equal(revision.ExampleDigests, read.ExampleDigests);
        Assert.Equal((revision.Alpha, revision.LogitScale, revision.BaseKind), (read.Alpha, read.LogitScale, read.BaseKind));
    }

    [Fact]
    public void Id_SameContent_IsTheSame()
    {
        var id = new SyntheticTask().Revision().Id;

        Assert.Equal(id, new SyntheticTask().Revision().Id);
        Assert.NotEqual(id, new SyntheticTask(seed: 8).Revision().Id);
        Assert.Equal(32, id.Length);
        Assert.All(id, digit => Assert.True(char.IsAsciiHexDigitLower(digit)));
    }

    [Fact]
    public void ZeroShot_RoundTrip_HoldsNoResidual()
    {
        var read = Revision.Parse(Revision.ZeroShot(["a", "b"], ["{}"], new Matrix(2, 1, [1, 2]), 100, "encoder").ToSafetensors(), "zero-shot");

        Assert.Equal([0f, 0f], read.Residual.Values);
        Assert.Null(read.Measured);
        Assert.Equal(Revision.ZeroShotMethod, read.Method);
    }

    [Fact]
    public void Parse_AnyBitFlipped_IsRefusedOrMeansTheSame()
    {
        var revision = new SyntheticTask(classes: 2, dimensions: 2).Revision();
        var sound = revision.ToSafetensors();
        for (var place = 0; place < sound.Length; place++)
        {
            var tampered = (byte[])sound.Clone();
            tampered[place] ^= (byte)(1 << (place % 8));
            try
            {
                // A change of the header's spelling alone, such as white space, leaves the content as it was.
                Assert.Equal(revision.Id, Revision.Parse(tampered, "tampered").Id);
                Assert.True(place < sound.Length - 32, "a changed number went unseen");
            }
            catch (TaskResException refusal)
            {
                Assert.Equal(ErrorReason.RevisionCorrupt, refusal.Reason);
            }
        }
    }

    [Fact]
    public void Parse_Truncated_IsRefused()
    {
        var sound = Task.Revision().ToSafetensors();
        foreach (var length in new[] { 0, 7, 8, 100, sound.Length - 1 })
            Assert.Equal(ErrorReason.RevisionCorrupt, Assert.Throws<TaskResException>(() => Revision.Parse(sound.AsMemory(0, length), "truncated")).Reason);
    }

    [Theory]
    [InlineData("format", "taskres.revision/2", "is not 'taskres.revision/1'")]
    [InlineData("class_names", "null", "class_names")]
    [InlineData("class_names", "[\"a\",null]", "class_names")]
    [InlineData("class_names", "[\"a\",\"b\"]", "5 rows for 2 class names")]
    [InlineData("class_names", "{", "cannot be read")]
    [InlineData("base_kind", "\"else\"", "cannot be read")]
    [InlineData("base_kind", "1", "cannot be read")]
    [InlineData("alpha", "much", "cannot be read")]
    [InlineData("alpha", "NaN", "alpha")]
    [InlineData("logit_scale", "-1", "logit_scale")]
    [InlineData("settings", "null", "settings")]
    [InlineData("settings", "{\"batch_size\":0}", "batch_size")]
    [InlineData("settings", "{\"colour\":\"red\"}", "cannot be read")]
    [InlineData("example_digests", "[\"abc\"]", "example_digests[0]")]
    [InlineData("measured", "{\"support_accuracy\":2,\"base_support_accuracy\":0,\"final_loss\":0}", "measured")]
    [InlineData("templates", "[\"a photo\"]", "templates[0]")]
    [InlineData("method", "another", "checksum")]
    [InlineData("sha256", "0", "checksum")]
    public void Parse_FaultyMetadata_IsRefusedAndSaysWhy(string key, string value, string fault)
    {
        using var sound = SafetensorsFile.FromBytes(Task.Revision().ToSafetensors(), "sound");
        var metadata = new Dictionary<string, string>(sound.Header.Metadata) { [key] = value };

        var refusal = Assert.Throws<TaskResException>(() => Revision.Parse(Rewritten(sound, metadata), "faulty"));

        Assert.Equal(ErrorReason.RevisionCorrupt, refusal.Reason);
        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_MetadataThatLacksAPart_IsRefused()
    {
        using var sound = SafetensorsFile.FromBytes(Task.Revision().ToSafetensors(), "sound");
        foreach (var key in sound.Header.Metadata.Keys)
        {
            var metadata = new Dictionary<string, string>(sound.Header.Metadata);
            metadata.Remove(key);
            var refusal = Assert.Throws<TaskResException>(() => Revision.Parse(Rewritten(sound, metadata), "faulty"));
            Assert.Equal(ErrorReason.RevisionCorrupt, refusal.Reason);
            Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ToSafetensors_PartsThatDoNotHoldTogether_AreRefused()
    {
        Revision Of(Matrix baseClassifier) => Revision.ZeroShot(["a", "b"], [], baseClassifier, 100, "encoder");

        Assert.Equal(ErrorReason.InvalidField, Assert.Throws<TaskResException>(() => Of(Matrix.Zeros(3, 2)).ToSafetensors()).Reason);
        Assert.Equal(ErrorReason.FeaturesInvalid, Assert.Throws<TaskResException>(() => Of(new Matrix(2, 1, [1, float.NaN])).ToSafetensors()).Reason);
        Assert.Equal(ErrorReason.FeaturesInvalid, Assert.Throws<TaskResException>(() => Of(new Matrix(2, 1, [1, 0])).ToSafetensors()).Reason);
    }

    [Fact]
    public void RequireEncoder_Another_IsEncoderMismatch()
    {
        var revision = Task.Revision();

        revision.RequireEncoder("0123abcd");

        var refusal = Assert.Throws<TaskResException>(() => revision.RequireEncoder("ffff"));
        Assert.Equal(ErrorReason.EncoderMismatch, refusal.Reason);
        Assert.Contains("ffff", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToSafetensors_Text_IsReadableInTheHeader() =>
        Assert.Contains("taskres.revision/1", Encoding.UTF8.GetString(Task.Revision().ToSafetensors()), StringComparison.Ordinal);

    private static byte[] Rewritten(SafetensorsFile file, Dictionary<string, string> metadata) => SafetensorsWriter.ToBytes(
        [MatrixFile.Tensor("base", MatrixFile.Read(file, "base")), MatrixFile.Tensor("residual", MatrixFile.Read(file, "residual"))], metadata);
}
