using Google.Protobuf;
using Google.Protobuf.Reflection;
using TaskRes.V1;

namespace TaskRes.Platform.Access;

/// <summary>What a method's proto says of who may call it, and the way to the resource in its requests.</summary>
internal sealed class MethodAccess
{
    private static readonly string[] Reading = ["Get", "List"];

    private readonly FieldDescriptor[] _path;

    public MethodAccess(MethodDescriptor method)
    {
        var access = method.GetOptions()?.GetExtension(AccessExtensions.Access)
            ?? throw new InvalidOperationException($"{method.FullName} does not say who may call it: give it the option access.");
        if (access.Permission == Permission.Unspecified) throw new InvalidOperationException($"{method.FullName} names no permission.");
        (Name, Permission) = ($"{method.Service.FullName}/{method.Name}", access.Permission);
        IsAudited = Permission is Permission.Train or Permission.Admin or Permission.Operate && !Reading.Any(verb => method.Name.StartsWith(verb, StringComparison.Ordinal));
        _path = [.. Path(method.InputType, access.Resource)];
    }

    /// <summary>Such as taskres.v1.TrainerService/GetTask.</summary>
    public string Name { get; }

    public Permission Permission { get; }

    /// <summary>Whether a call that ends well has changed something: those of the standard names for reading (AIP-131, AIP-132) change nothing.</summary>
    public bool IsAudited { get; }

    /// <summary>The name of the request's resource; null where this message does not hold it.</summary>
    public string? ResourceOf(IMessage request)
    {
        object? value = request;
        foreach (var field in _path)
        {
            if (value is not IMessage message) return null;
            value = field.Accessor.GetValue(message);
        }

        return value as string;
    }

    private static IEnumerable<FieldDescriptor> Path(MessageDescriptor message, string path)
    {
        foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var field = message.FindFieldByName(name) ?? throw new InvalidOperationException($"{message.FullName} has no field {name}.");
            yield return field;
            if (field.FieldType == FieldType.Message) message = field.MessageType;
        }
    }
}
