using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using TaskRes.Tests;
using TaskRes.V1;

namespace TaskRes.Contract.Tests;

/// <summary>protos/API.md is made of the protos and their comments; run with TASKRES_WRITE_DOCS=1 to write it anew.</summary>
public sealed class ApiReferenceTests
{
    [Fact]
    public void ApiReference_InTheDocs_IsThatOfTheProtos()
    {
        var path = Path.Combine(ReferenceData.Repository, "protos", "API.md");
        var reference = ApiReference.Of(Files());
        if (Environment.GetEnvironmentVariable("TASKRES_WRITE_DOCS") == "1") File.WriteAllText(path, reference);
        Assert.Equal(reference, File.ReadAllText(path));
    }

    [Fact]
    public void ApiReference_EveryRpcAndMessage_IsInIt()
    {
        var reference = ApiReference.Of(Files());

        Assert.All(Files().SelectMany(file => file.Services).SelectMany(service => service.Methods), method => Assert.Contains($"\n### {method.Name}\n", reference, StringComparison.Ordinal));
        var messages = Files().SelectMany(file => file.MessageTypes).Where(message => message.FullName != Access.Descriptor.FullName);
        Assert.All(messages.SelectMany(message => message.Fields.InDeclarationOrder()), field => Assert.Contains($"| `{field.Name}` |", reference, StringComparison.Ordinal));
    }

    private static IReadOnlyList<FileDescriptor> Files()
    {
        using var description = typeof(ApiReferenceTests).Assembly.GetManifestResourceStream("api.binpb")!;
        var files = FileDescriptorSet.Parser.ParseFrom(description).File.Select(file => file.ToByteString());
        var extensions = new ExtensionRegistry { AccessExtensions.Access, AnnotationsExtensions.Http };
        return [.. FileDescriptor.BuildFromByteStrings(files, extensions).Where(file => file.Package == ApiReference.Package)];
    }
}
