namespace TaskRes.Cli.Invocation;

/// <summary>A server's address as the SDK takes it: http, https, dns:/// for all addresses of a name, static:/// for a list of them.</summary>
internal static class ServerAddress
{
    /// <summary>Null where it is none.</summary>
    public static Uri? Find(string server) => Uri.TryCreate(server, UriKind.Absolute, out var address) && IsKnown(address) ? address : null;

    public static string Refusal(string server) => $"\"{server}\" is not an address; write it as http://host:port.";

    private static bool IsKnown(Uri address) => address.Scheme switch
    {
        "http" or "https" or "dns" => true,
        "static" => address.AbsolutePath.Trim('/').Split(',').All(each => Uri.TryCreate($"http://{each}", UriKind.Absolute, out _)),
        _ => false,
    };
}
