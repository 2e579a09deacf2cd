using System.Buffers.Binary;
using System.Text.Json;

namespace TaskRes.Tests;

/// <summary>Reads tensors of golden safetensors files with as little code as the format allows, apart from the product's reader.</summary>
internal static class GoldenTensors
{
    /// <summary>A tensor of type F16 or F32 as floats, in row-major order.</summary>
    public static float[] Floats(string file, string tensor, out long[] shape)
    {
        var bytes = File.ReadAllBytes(file);
        var header = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        using var json = JsonDocument.Parse(bytes.AsMemory(8, header));
        var entry = json.RootElement.GetProperty(tensor);
        shape = [.. entry.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64())];
        var offsets = entry.GetProperty("data_offsets");
        var data = bytes.AsSpan(8 + header)[offsets[0].GetInt32()..offsets[1].GetInt32()];
        var isHalf = entry.GetProperty("dtype").GetString() switch
        {
            "F16" => true,
            "F32" => false,
            var other => throw new InvalidDataException($"{tensor} of {file} is {other}, neither F16 nor F32."),
        };

        var floats = new float[data.Length / (isHalf ? 2 : 4)];
        for (var i = 0; i < floats.Length; i++)
            floats[i] = isHalf ? (float)BinaryPrimitives.ReadHalfLittleEndian(data[(2 * i)..]) : BinaryPrimitives.ReadSingleLittleEndian(data[(4 * i)..]);
        return floats;
    }
}
