using TaskRes.Services.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace TaskRes.Services.Tests.Deployment;

public sealed class KubernetesTests
{
    [Fact]
    public async Task Base_HoldsToTheRules()
    {
        using var secrets = await SecretsFolder.MakeAsync();
        var manifests = KubernetesFiles.BaseManifests();
        Assert.Equal(3, manifests.Count(manifest => manifest.Text("kind") == "Deployment"));
        Assert.Empty(new ManifestRules(manifests).Faults(secrets));
    }

    [Theory]
    [InlineData("base", "encoder", 3, "cpu")]
    [InlineData("overlays/small", "encoder", 0, "cpu")]
    [InlineData("overlays/gpu", "encoder", 3, "cuda")]
    public async Task Overlay_BuiltByKustomize_HoldsToTheRules(string overlay, string deployment, int scalers, string device)
    {
        using var secrets = await SecretsFolder.MakeAsync();
        var manifests = await KubernetesFiles.BuildAsync(overlay);

        Assert.Empty(new ManifestRules(manifests).Faults(secrets));
        Assert.Equal(scalers, manifests.Count(manifest => manifest.Text("kind") == "HorizontalPodAutoscaler"));
        var encoder = manifests.Single(manifest => manifest.Text("kind") == "Deployment" && manifest.Text("metadata.name") == deployment);
        var variables = encoder.Items("spec.template.spec.containers").Single().Items("env").ToDictionary(variable => variable.Text("name"), variable => variable.Text("value"));
        Assert.Equal(device, variables["TASKRES_Model__Device"]);
        Assert.Equal(overlay == "overlays/gpu", encoder.Items("spec.template.spec.containers").Single().Find("resources.limits")!.Has("nvidia.com/gpu"));
    }

    [Fact]
    public async Task Manifests_WithFaults_AreFound()
    {
        using var secrets = await SecretsFolder.MakeAsync();
        (string Kind, string Name, string Path, string Key, string Value, string Fault)[] faults =
        [
            ("Deployment", "trainer", "spec.template.metadata.labels", "app.kubernetes.io/name", "another", "does not select its pods"),
            ("Deployment", "encoder", "spec.template.spec.securityContext", "runAsNonRoot", "false", "may run as root"),
            ("ConfigMap", "taskres-settings", "data", "TASKRES_Redis__Cach", "redis-cache:6379", "Cach"),
            ("HorizontalPodAutoscaler", "trainer", "spec.scaleTargetRef", "name", "another", "has no target"),
            ("PodDisruptionBudget", "encoder", "spec.selector.matchLabels", "app.kubernetes.io/name", "another", "is of no pods"),
            ("Service", "encoder", "spec.selector", "app.kubernetes.io/name", "another", "selects 0 workloads"),
        ];
        foreach (var fault in faults)
        {
            var manifests = KubernetesFiles.BaseManifests();
            var manifest = manifests.Single(manifest => manifest.Text("kind") == fault.Kind && manifest.Text("metadata.name") == fault.Name);
            ((YamlMappingNode)manifest.Find(fault.Path)!).Children[fault.Key] = fault.Value;
            Assert.Contains(new ManifestRules(manifests).Faults(secrets), found => found.Contains(fault.Fault, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Kustomizations_NameFilesThatThereAre()
    {
        foreach (var path in KubernetesFiles.Kustomizations)
        {
            var (kustomization, folder) = (Yaml.Load(path), Path.GetDirectoryName(path)!);
            var named = kustomization.Texts("resources").Concat(kustomization.Items("patches").Select(patch => (patch.Find("path") as YamlScalarNode)?.Value).OfType<string>());
            Assert.All(named, name => Assert.True(Path.Exists(Path.Combine(folder, name)), $"{path}: {name} is not there"));
        }
    }

    [Fact]
    public void Scalers_GoByMetricsThatTheAdapterMakes()
    {
        var made = Yaml.Load(Path.Combine(KubernetesFiles.Folder, "prometheus-adapter.yaml")).Items("rules.custom").Select(rule => rule.Text("name.as")).ToHashSet();
        var used = KubernetesFiles.BaseManifests().Where(manifest => manifest.Text("kind") == "HorizontalPodAutoscaler").SelectMany(scaler => scaler.Items("spec.metrics"))
            .Select(metric => metric.Find("pods.metric.name") ?? metric.Find("object.metric.name")).OfType<YamlScalarNode>().Select(name => name.Value!).ToHashSet();
        Assert.NotEmpty(used);
        Assert.Equal(made.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }
}
