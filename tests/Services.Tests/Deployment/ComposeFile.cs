using System.Text.RegularExpressions;
using TaskRes.Services.Tests.Support;
using TaskRes.Tests;
using YamlDotNet.RepresentationModel;

namespace TaskRes.Services.Tests.Deployment;

/// <summary>compose.yaml as compose reads it: variables take their defaults.</summary>
internal sealed partial class ComposeFile
{
    private readonly YamlMappingNode _root = Yaml.Parse(Interpolate(File.ReadAllText(Location))).Single();

    public static string Location => Path.Combine(ReferenceData.Repository, "compose.yaml");

    public IEnumerable<KeyValuePair<string, YamlNode>> Services => _root.Entries("services");

    public IEnumerable<string> Secrets => _root.Entries("secrets").Select(secret => secret.Key);

    public IEnumerable<string> Volumes => _root.Entries("volumes").Select(volume => volume.Key);

    public YamlNode Service(string name) => _root["services"][name];

    public IReadOnlyDictionary<string, string> Environment(string service) =>
        Service(service).Entries("environment").ToDictionary(variable => variable.Key, variable => ((YamlScalarNode)variable.Value).Value!);

    /// <summary>What tells whether the service is healthy, as a program with its arguments.</summary>
    public IReadOnlyList<string> HealthCheck(string service) => [.. Service(service).Texts("healthcheck.test").Skip(1)];

    private static string Interpolate(string text) => Variable().Replace(text, match => match.Groups["default"].Value).Replace("$$", "$", StringComparison.Ordinal);

    [GeneratedRegex(@"\$\{\w+:-(?<default>[^}]*)\}")]
    private static partial Regex Variable();
}
