namespace TaskRes.Cli.Output;

/// <summary>Resource names as people read them.</summary>
internal static class ResourceIds
{
    private const int ShortLength = 12;

    /// <summary>The last part of a name, shortened where it is a hash.</summary>
    public static string Last(string name) => Short(name[(name.LastIndexOf('/') + 1)..]);

    public static string Short(string hash) => hash.Length > 2 * ShortLength ? hash[..ShortLength] : hash;
}
