using TaskRes.Services.Tests.Support;
using TaskRes.Tests;
using YamlDotNet.RepresentationModel;

namespace TaskRes.Services.Tests.Deployment;

/// <summary>The manifests of services/kubernetes: the base as its files say it, the overlays as kustomize builds them.</summary>
internal static class KubernetesFiles
{
    public static string Folder => Path.Combine(ReferenceData.Repository, "services", "kubernetes");

    public static string Base => Path.Combine(Folder, "base");

    public static IEnumerable<string> Kustomizations => Directory.EnumerateFiles(Folder, "kustomization.yaml", SearchOption.AllDirectories);

    /// <summary>Of the base, with the settings that kustomize generates.</summary>
    public static IReadOnlyList<YamlMappingNode> BaseManifests()
    {
        var kustomization = Yaml.Load(Path.Combine(Base, "kustomization.yaml"));
        return [
            .. kustomization.Texts("resources").SelectMany(file => Yaml.LoadAll(Path.Combine(Base, file))),
            .. kustomization.Items("configMapGenerator").Select(Generated),
        ];
    }

    /// <exception cref="InvalidOperationException">kustomize does not build it.</exception>
    public static async Task<IReadOnlyList<YamlMappingNode>> BuildAsync(string overlay)
    {
        var kubectl = Find("kubectl");
        // Not on a machine of .NET alone, and not to be had from Debian in a version that knows these files.
        Assert.SkipWhen(kubectl is null, "kubectl is not installed");
        var (exit, output) = await Command.RunAsync(kubectl!, ["kustomize", Path.Combine(Folder, overlay)]);
        return exit == 0 ? Yaml.Parse(output) : throw new InvalidOperationException(output);
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static YamlMappingNode Generated(YamlNode generator)
    {
        var data = new YamlMappingNode();
        foreach (var literal in generator.Texts("literals")) data.Add(literal.Split('=', 2)[0], literal.Split('=', 2)[1]);
        return new YamlMappingNode("kind", "ConfigMap", "metadata", new YamlMappingNode("name", generator.Text("name")), "data", data);
    }
}
