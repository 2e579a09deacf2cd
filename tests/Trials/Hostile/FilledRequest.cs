using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using TaskRes.Trials.Answers;

namespace TaskRes.Trials.Hostile;

/// <summary>A request to any RPC, filled as a caller would fill it, as far as names and types tell.</summary>
internal sealed class FilledRequest(string tenant, string task)
{
    private const int MaxDepth = 4;

    private static readonly byte[] Image = TrialImages.Make(1, seed: 1)[0];

    public byte[] To(MethodDescriptor method) => Fill(method.InputType, depth: 0).ToByteArray();

    private IMessage Fill(MessageDescriptor type, int depth)
    {
        var message = type.Parser.ParseFrom([]);
        foreach (var field in type.Fields.InDeclarationOrder().Where(field => !field.IsMap && depth < MaxDepth))
        {
            if (Value(field, depth) is not { } value) continue;
            if (field.IsRepeated) ((IList)field.Accessor.GetValue(message)).Add(value);
            else field.Accessor.SetValue(message, value);
        }

        return message;
    }

    private object? Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.String => Text(field),
        FieldType.Bytes => ByteString.CopyFrom(Image),
        FieldType.Message => Fill(field.MessageType, depth + 1),
        FieldType.Int32 => 1,
        FieldType.Int64 => 1L,
        FieldType.Double => 0.5,
        FieldType.Float => 0.5f,
        FieldType.Bool => true,
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, 1),
        _ => null,
    };

    private string Text(FieldDescriptor field) => field.Name switch
    {
        "tenant" or "parent" => field.ContainingType.Name.Contains("Revision", StringComparison.Ordinal) ? task : tenant,
        "name" or "task" => task,
        "request_id" => "123e4567-e89b-12d3-a456-426614174000",
        "class_names" or "class_name" => "red",
        "page_token" or "expected_live_revision" => "",
        _ => "a",
    };
}
