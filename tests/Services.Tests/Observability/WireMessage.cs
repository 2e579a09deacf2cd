using System.Text;
using Google.Protobuf;

namespace TaskRes.Services.Tests.Observability;

/// <summary>A protobuf message by the numbers of its fields: OTLP's own types are in no package that the services use.</summary>
internal sealed class WireMessage
{
    private readonly ILookup<int, byte[]> _fields;

    private WireMessage(ILookup<int, byte[]> fields) => _fields = fields;

    public static WireMessage Parse(byte[] bytes)
    {
        var fields = new List<(int Number, byte[] Value)>();
        var input = new CodedInputStream(bytes);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited) fields.Add((WireFormat.GetTagFieldNumber(tag), input.ReadBytes().ToByteArray()));
            else input.SkipLastField();
        }

        return new WireMessage(fields.ToLookup(field => field.Number, field => field.Value));
    }

    public IEnumerable<WireMessage> Messages(int field) => _fields[field].Select(Parse);

    /// <summary>Empty where it is absent.</summary>
    public byte[] Bytes(int field) => _fields[field].SingleOrDefault() ?? [];

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));
}
