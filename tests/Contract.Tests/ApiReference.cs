using System.Text;
using Google.Api;
using Google.Protobuf.Reflection;
using TaskRes.V1;

namespace TaskRes.Contract.Tests;

/// <summary>The API as Markdown: each RPC with its request and response, then the messages and enums that these are made of.</summary>
internal sealed class ApiReference
{
    public const string Package = "taskres.v1";

    private const string Introduction = """
        # API

        The services of `taskres.v1`, made of the [protos](taskres/v1) and their comments. A call is gRPC at the service's gRPC port, gRPC-Web
        at its web port, and, where a route stands here, JSON over HTTP at that port too: fields of the path are taken from it, those of a
        GET or DELETE from the query, others from the body, in lowerCamelCase. Each carries a key, `authorization: Bearer …`, with the permission named.
        [ERRORS.md](ERRORS.md) has the reasons of refusals.

        """;

    // Where the messages are that are not listed by themselves.
    private readonly Dictionary<MessageDescriptor, MethodDescriptor> _calls = [];
    private readonly StringBuilder _text = new(Introduction.ReplaceLineEndings("\n"));

    private ApiReference(IReadOnlyList<FileDescriptor> files)
    {
        var services = files.SelectMany(file => file.Services).ToList();
        foreach (var method in services.SelectMany(service => service.Methods)) (_calls[method.InputType], _calls[method.OutputType]) = (method, method);
        foreach (var service in services) Write(service);

        _text.Append("\n## Messages\n");
        foreach (var message in files.SelectMany(file => file.MessageTypes).Where(message => !_calls.ContainsKey(message) && message.FullName != Access.Descriptor.FullName).OrderBy(message => message.Name, StringComparer.Ordinal))
        {
            _text.Append($"\n### {message.Name}\n");
            WriteComment(message);
            Write(message);
        }

        _text.Append("\n## Enums\n");
        foreach (var kind in files.SelectMany(file => file.EnumTypes).OrderBy(kind => kind.Name, StringComparer.Ordinal)) Write(kind);
    }

    public static string Of(IReadOnlyList<FileDescriptor> files) => new ApiReference(files)._text.ToString();

    private void Write(ServiceDescriptor service)
    {
        _text.Append($"\n## {service.Name}\n");
        WriteComment(service);
        foreach (var method in service.Methods)
        {
            _text.Append($"\n### {method.Name}\n");
            WriteComment(method);
            _text.Append($"\n{Route(method)} · {Permission(method)}\n");
            WriteSide("Request", method.InputType, method.IsClientStreaming);
            WriteSide("Response", method.OutputType, method.IsServerStreaming);
        }
    }

    private void WriteSide(string side, MessageDescriptor message, bool isStream)
    {
        _text.Append($"\n**{side}**{(isStream ? ", a stream of" : "")} `{message.Name}`{(message.Fields.InDeclarationOrder().Count == 0 ? ", empty" : "")}\n");
        WriteComment(message);
        Write(message);
    }

    private void Write(MessageDescriptor message)
    {
        if (message.Fields.InDeclarationOrder().Count == 0) return;
        _text.Append("\n| field | type | |\n|---|---|---|\n");
        foreach (var field in message.Fields.InDeclarationOrder())
            _text.Append($"| `{field.Name}` | {TypeOf(field)} | {Comment(field)} |\n");
    }

    private void Write(EnumDescriptor kind)
    {
        _text.Append($"\n### {kind.Name}\n");
        WriteComment(kind);
        _text.Append("\n| value | |\n|---|---|\n");
        foreach (var value in kind.Values) _text.Append($"| `{value.Name}` | {Comment(value)} |\n");
    }

    private void WriteComment(IDescriptor descriptor)
    {
        if (Comment(descriptor) is { Length: > 0 } comment) _text.Append($"\n{comment}\n");
    }

    private static string Comment(IDescriptor descriptor)
    {
        var lines = ((DescriptorBase)descriptor).Declaration?.LeadingComments.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        return string.Join(' ', lines).Replace("|", @"\|", StringComparison.Ordinal).Replace("*", @"\*", StringComparison.Ordinal);
    }

    private static string Route(MethodDescriptor method)
    {
        var rule = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
        return rule?.PatternCase switch
        {
            null => "no route",
            HttpRule.PatternOneofCase.Get => $"`GET {rule.Get}`",
            HttpRule.PatternOneofCase.Post => $"`POST {rule.Post}`",
            HttpRule.PatternOneofCase.Patch => $"`PATCH {rule.Patch}`",
            HttpRule.PatternOneofCase.Delete => $"`DELETE {rule.Delete}`",
            _ => throw new NotSupportedException($"{method.FullName} has a route of {rule.PatternCase}."),
        };
    }

    private static string Permission(MethodDescriptor method)
    {
        var access = method.GetOptions().GetExtension(AccessExtensions.Access);
        var name = $"{access.Permission}".ToUpperInvariant();
        return access.Resource.Length == 0 ? $"permission `{name}`" : $"permission `{name}` for `{access.Resource}`";
    }

    private string TypeOf(FieldDescriptor field)
    {
        if (field.IsMap) return $"map of {NameOf(field.MessageType.FindFieldByNumber(1))} to {NameOf(field.MessageType.FindFieldByNumber(2))}";
        var label = field switch
        {
            { IsRepeated: true } => "repeated ",
            { RealContainingOneof: { } choice } => $"one of `{choice.Name}`: ",
            { HasPresence: true, FieldType: not FieldType.Message } => "optional ",
            _ => "",
        };
        return label + NameOf(field);
    }

    private string NameOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => NameOf(field.MessageType),
        FieldType.Enum => NameOf(field.EnumType),
        _ => $"{field.FieldType}".ToLowerInvariant(),
    };

    private string NameOf(IDescriptor type)
    {
        if (type.File.Package != Package) return $"`{type.FullName}`";
        var heading = type is MessageDescriptor message && _calls.TryGetValue(message, out var call) ? call.Name : type.Name;
        return $"[{type.Name}](#{heading.ToLowerInvariant()})";
    }
}
