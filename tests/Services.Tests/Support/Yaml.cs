using YamlDotNet.RepresentationModel;

namespace TaskRes.Services.Tests.Support;

/// <summary>Reads YAML as tests ask for it: by path, with merge keys (<c>&lt;&lt;</c>) merged.</summary>
internal static class Yaml
{
    public static YamlMappingNode Load(string path) => LoadAll(path).Single();

    public static IReadOnlyList<YamlMappingNode> LoadAll(string path) => Parse(File.ReadAllText(path));

    public static IReadOnlyList<YamlMappingNode> Parse(string text)
    {
        using var reader = new StringReader(text);
        var stream = new YamlStream();
        stream.Load(reader);
        foreach (var document in stream.Documents) Merge(document.RootNode);
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    public static void Save(YamlNode root, string path)
    {
        using var writer = new StreamWriter(path);
        new YamlStream(new YamlDocument(root)).Save(writer, assignAnchors: false);
    }

    public static bool Has(this YamlNode node, string key) => node is YamlMappingNode mapping && mapping.Children.ContainsKey(key);

    /// <summary>The node at a path of keys such as <c>spec.template.spec</c>; null where there is none.</summary>
    public static YamlNode? Find(this YamlNode node, string path)
    {
        foreach (var key in path.Split('.'))
        {
            if (!node.Has(key)) return null;
            node = node[key];
        }

        return node;
    }

    public static string Text(this YamlNode node, string path) => (node.Find(path) as YamlScalarNode)?.Value ?? throw new KeyNotFoundException($"{path} is no text.");

    /// <summary>The items of the list at a path; none where it is absent.</summary>
    public static IEnumerable<YamlNode> Items(this YamlNode node, string path) => node.Find(path) is YamlSequenceNode list ? list : [];

    public static IEnumerable<string> Texts(this YamlNode node, string path) => node.Items(path).Select(item => ((YamlScalarNode)item).Value!);

    /// <summary>The entries of the mapping at a path; none where it is absent.</summary>
    public static IEnumerable<KeyValuePair<string, YamlNode>> Entries(this YamlNode node, string path) =>
        node.Find(path) is YamlMappingNode mapping ? mapping.Select(entry => KeyValuePair.Create(((YamlScalarNode)entry.Key).Value!, entry.Value)) : [];

    // What a mapping says itself stands before what it merges.
    private static void Merge(YamlNode node)
    {
        if (node is YamlMappingNode mapping && mapping.Children.Remove(new YamlScalarNode("<<"), out var merged))
        {
            Merge(merged);
            foreach (var (key, value) in ((YamlMappingNode)merged).Children) mapping.Children.TryAdd(key, value);
        }

        foreach (var child in node is YamlMappingNode { Children: var entries } ? entries.Values.ToList() : node is YamlSequenceNode list ? [.. list] : []) Merge(child);
    }
}
