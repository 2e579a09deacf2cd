using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using TaskRes.V1;

namespace TaskRes.Platform.Access;

/// <summary>All methods of the API with what they ask of their callers. Methods beside the API, health and reflection, are open.</summary>
internal static class MethodTable
{
    private static readonly FrozenDictionary<string, MethodAccess> Methods =
        new[] { EncoderService.Descriptor, TrainerService.Descriptor, ClassifierService.Descriptor, TenantService.Descriptor }
            .SelectMany(service => service.Methods)
            .Select(method => new MethodAccess(method))
            .ToFrozenDictionary(method => $"/{method.Name}");

    public static IEnumerable<MethodAccess> All => Methods.Values;

    /// <param name="path">As gRPC gives it: /taskres.v1.TrainerService/GetTask.</param>
    public static bool TryFind(string path, [NotNullWhen(true)] out MethodAccess? method) => Methods.TryGetValue(path, out method);
}
