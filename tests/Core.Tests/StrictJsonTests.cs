using System.Text.Json;

namespace TaskRes.Core.Tests;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'\n', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    [InlineData(new byte[] { (byte)'[', (byte)'\n', (byte)'"', (byte)'\\', (byte)'u', (byte)'d', (byte)'8', (byte)'0', (byte)'0', (byte)'"', (byte)']' })]
    public void Parse_TextThatIsNotUnicode_IsRefusedNamingTheLine(byte[] json) =>
        Assert.Equal(1, Assert.Throws<JsonException>(() => StrictJson.Parse(json)).LineNumber);

    [Fact]
    public void Parse_WithAByteOrderMark_IsReadWithoutIt()
    {
        using var json = StrictJson.Parse("\uFEFF{\"a\":\"é\"}"u8.ToArray());
        Assert.Equal("é", json.RootElement.GetProperty("a").GetString());
    }
}
