using System.Text.Json;

namespace TaskRes.Core;

/// <summary>
/// JSON whose every name and text is Unicode. The parser looks at a text only when it is asked for, and then throws what is
/// no <see cref="JsonException"/>: where foreign files are read, that would be a fault of ours and not of the file.
/// </summary>
internal static class StrictJson
{
    /// <exception cref="JsonException">With the line at fault.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes["\uFEFF"u8.Length..];
        RequireUnicode(bytes.Span);
        return JsonDocument.Parse(bytes);
    }

    private static void RequireUnicode(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        try
        {
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String) reader.GetString();
        }
        catch (InvalidOperationException exception)
        {
            var line = bytes[..(int)reader.TokenStartIndex].Count((byte)'\n');
            throw new JsonException($"a text in line {line + 1} is not Unicode", null, line, null, exception);
        }
    }
}
