using System.Buffers.Binary;
using System.Text;
using TaskRes.Core.Safetensors;
using TaskRes.Tests;

namespace TaskRes.Core.Tests.Safetensors;

public sealed class SafetensorsHeaderTests
{
    public static TheoryData<string, string> BadHeaders => new()
    {
        { "", "open with" },
        { "[]", "open with" },
        { "nonsense", "open with" },
        { "{", "not JSON" },
        { "{} x", "not JSON" },
        { "{}{}", "not JSON" },
        { """{"a":1}""", "Number" },
        { """{"a":null}""", "Null" },
        { """{"a":[]}""", "StartArray" },
        { """{"a":{}}""", "lacks" },
        { """{"a":{"dtype":"F32","shape":[2]}}""", "lacks" },
        { Replace("\"F32\"", "\"F31\""), "dtype 'F31'" },
        { Replace("\"F32\"", "\"f32\""), "dtype 'f32'" },
        { Replace("\"F32\"", "\"0\""), "dtype '0'" },
        { Replace("\"F32\"", "32"), "Number" },
        { Replace("[2]", "[-2]"), "negative or too large" },
        { Replace("[2]", "[3]"), "takes 12 bytes" },
        { Replace("[2]", "[2.0]"), "whole number" },
        { Replace("[2]", "[\"2\"]"), "whole number" },
        { Replace("[2]", "[[2]]"), "not JSON" },
        { Replace("[2]", "2"), "Number" },
        { Replace("[2]", "[9223372036854775808]"), "whole number" },
        { Replace("[2]", "[4611686018427387904,4]"), "negative or too large" },
        { Replace("[2]", "[4294967296,4294967296,4294967296,0]"), "negative or too large" },
        { Replace("[2]", "[1,1,1,1,1,1,1,1,2]"), "more than 8" },
        { Replace("[0,8]", "[0,8,8]"), "more than 2" },
        { Replace("[0,8]", "[0]"), "lacks" },
        { Replace("[0,8]", "[8,0]"), "data_offsets are [8, 0]" },
        { Replace("[0,8]", "[-8,0]"), "data_offsets are [-8, 0]" },
        { Replace("[0,8]", "[-9223372036854775808,9223372036854775807]"), "data_offsets" },
        { Replace("[0,8]", "[4,12]"), "belong to none" },
        { Replace("[8,16]", "[0,8]"), "inside the tensor" },
        { Replace("[8,16]", "[4,12]"), "inside the tensor" },
        { Replace("[8,16]", "[16,24]"), "belong to none" },
        { Replace("\"shape\":[2]", "\"shape\":[2],\"shape\":[2]"), "occurs twice" },
        { Replace("\"shape\":[2]", "\"shape\":[2],\"strides\":[1]"), "unknown" },
        { Replace("\"b\"", "\"a\""), "occurs twice" },
        { Replace("{\"k\":\"v\"}", "{\"k\":\"v\",\"k\":\"w\"}"), "occurs twice" },
        { Replace("{\"k\":\"v\"}", "{\"k\":1}"), "__metadata__.k" },
        { Replace("{\"k\":\"v\"}", "{\"k\":{\"deep\":\"v\"}}"), "__metadata__.k" },
        { Replace("{\"k\":\"v\"}", "[]"), "__metadata__" },
        { Replace("\"b\"", "\"__metadata__\""), "__metadata__ occurs twice" },
        { Replace("\"v\"", "\"\\ud800\""), "not JSON" },
    };

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void Parse_FaultyHeader_IsCorruptAndSaysWhy(string json, string fault)
    {
        var refusal = Assert.Throws<TaskResException>(() => HostileFile.ReadAll(HostileFile.Make(json)));

        Assert.Equal(ErrorReason.CheckpointCorrupt, refusal.Reason);
        Assert.Contains("hostile", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(15, "truncated")]
    [InlineData(8, "truncated")]
    [InlineData(24, "holds 24")]
    public void Parse_DataOfAnotherLength_IsCorrupt(int dataLength, string fault)
    {
        var refusal = Assert.Throws<TaskResException>(() => HostileFile.ReadAll(HostileFile.Make(HostileFile.Sound, dataLength)));

        Assert.Equal(ErrorReason.CheckpointCorrupt, refusal.Reason);
        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue, "over the limit")]
    [InlineData(1UL << 63, "over the limit")]
    [InlineData(100_000_001UL, "over the limit")]
    [InlineData(100_000_000UL, "truncated")]
    [InlineData(1001UL, "truncated")]
    [InlineData(0UL, "open with")]
    public void Parse_HeaderLengthThatDoesNotHold_IsCorrupt(ulong length, string fault)
    {
        var file = HostileFile.Make(HostileFile.Sound);
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);

        var refusal = Assert.Throws<TaskResException>(() => HostileFile.ReadAll(file));

        Assert.Equal(ErrorReason.CheckpointCorrupt, refusal.Reason);
        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_DeepNesting_IsCorrupt()
    {
        var deep = "{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}";

        Assert.Equal(ErrorReason.CheckpointCorrupt, Assert.Throws<TaskResException>(() => HostileFile.ReadAll(HostileFile.Make(deep))).Reason);
    }

    [Fact]
    public void Parse_TextThatIsNotUtf8_IsCorrupt()
    {
        var json = Encoding.UTF8.GetBytes(HostileFile.Sound);
        json[Array.IndexOf(json, (byte)'a', 20)] = 0xFF;

        Assert.Equal(ErrorReason.CheckpointCorrupt, Assert.Throws<TaskResException>(() => HostileFile.ReadAll(HostileFile.Make(json))).Reason);
    }

    [Fact]
    public void Parse_EveryTruncation_IsCorrupt()
    {
        var file = HostileFile.Make(HostileFile.Sound);
        for (var length = 0; length < file.Length; length++)
            Assert.Equal(ErrorReason.CheckpointCorrupt, Assert.Throws<TaskResException>(() => HostileFile.ReadAll(file.AsMemory(0, length))).Reason);
    }

    [Fact]
    public void Parse_SeededByteFlips_ThrowOnlyTheDomainsException()
    {
        var sound = File.ReadAllBytes(ReferenceData.Golden("taskres_one_batch.safetensors"));
        var random = new Random(20_260);
        var refused = 0;
        for (var round = 0; round < 5_000; round++)
        {
            var file = (byte[])sound.Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--) file[random.Next(1_000)] ^= (byte)(1 << random.Next(8));
            try
            {
                HostileFile.ReadAll(file);
            }
            catch (TaskResException refusal)
            {
                Assert.Equal(ErrorReason.CheckpointCorrupt, refusal.Reason);
                refused++;
            }
        }
        Assert.InRange(refused, 1_000, 5_000);
    }

    [Fact]
    public void Parse_SoundHeader_GivesTensorsAndMetadata()
    {
        var file = HostileFile.Make(HostileFile.Sound);

        var header = SafetensorsHeader.Parse(file, file.Length, "sound");

        Assert.Equal(file.Length - 16, header.DataStart);
        Assert.Equal("v", header.Metadata["k"]);
        Assert.Equal(["a", "b"], header.Tensors.Keys.Order());
        Assert.Equal((8L, 8L, ElementType.I64), (header.Tensors["b"].Offset, header.Tensors["b"].Length, header.Tensors["b"].Type));
    }

    private static string Replace(string part, string fault) => new StringBuilder(HostileFile.Sound).Replace(part, fault).ToString();
}
