using System.Globalization;
using TaskRes.Services.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace TaskRes.Services.Tests.Deployment;

/// <summary>What every set of manifests must hold: what is named is there, and what runs is bounded, probed and unprivileged.</summary>
internal sealed class ManifestRules(IReadOnlyList<YamlMappingNode> manifests)
{
    private static readonly string[] OurServices = ["encoder", "trainer", "classifier"];
    private static readonly string[] KnownKeys = ["admin-key", "service-key", "redis-password"];

    private IEnumerable<YamlNode> Workloads => OfKind("Deployment").Concat(OfKind("StatefulSet"));

    public IReadOnlyList<string> Faults(SecretsFolder secrets) =>
        [.. Workloads.SelectMany(workload => OfWorkload(workload, secrets)), .. OfServices(), .. OfScalers(), .. OfBudgets(), .. OfPolicies()];

    private static string Name(YamlNode manifest) => manifest.Text("metadata.name");

    private IEnumerable<YamlNode> OfKind(string kind) => manifests.Where(manifest => manifest.Text("kind") == kind);

    private IEnumerable<string> OfWorkload(YamlNode workload, SecretsFolder secrets)
    {
        var (name, pod) = (Name(workload), workload.Find("spec.template.spec")!);
        if (!Selects(workload.Find("spec.selector")!, workload)) yield return $"{name}: its selector does not select its pods";
        if (pod.Find("securityContext.runAsNonRoot") is not YamlScalarNode { Value: "true" }) yield return $"{name} may run as root";
        if (pod.Find("securityContext.seccompProfile.type") is not YamlScalarNode { Value: "RuntimeDefault" }) yield return $"{name} has no seccomp profile";
        if (pod.Find("automountServiceAccountToken") is not YamlScalarNode { Value: "false" }) yield return $"{name} has a token of the cluster's";
        var volumes = pod.Items("volumes").Concat(workload.Items("spec.volumeClaimTemplates").Select(claim => claim["metadata"])).ToDictionary(volume => volume.Text("name"));
        foreach (var volume in volumes.Values)
        {
            if (volume.Find("persistentVolumeClaim.claimName") is YamlScalarNode claim && OfKind("PersistentVolumeClaim").All(manifest => Name(manifest) != claim.Value)) yield return $"{name}: there is no claim {claim}";
            foreach (var item in volume.Items("secret.items"))
                if (!KnownKeys.Contains(item.Text("key"))) yield return $"{name}: the secret has no key {item.Text("key")}";
        }

        foreach (var container in pod.Items("containers"))
        {
            foreach (var fault in OfContainer(container)) yield return $"{name}: {fault}";
            foreach (var mount in container.Items("volumeMounts"))
                if (!volumes.ContainsKey(mount.Text("name"))) yield return $"{name}: there is no volume {mount.Text("name")}";
            if (OurServices.Contains(name))
                foreach (var fault in ServiceSettings.Faults(name, Environment(container, secrets))) yield return $"{name}: {fault}";
        }
    }

    private static IEnumerable<string> OfContainer(YamlNode container)
    {
        var ports = container.Items("ports").Select(port => port.Text("name")).ToHashSet();
        foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
        {
            if (container.Find(probe) is not { } found) yield return $"no {probe}";
            else if (found.Find("httpGet") is { } http && (!ports.Contains(http.Text("port")) || !http.Text("path").StartsWith("/health", StringComparison.Ordinal))) yield return $"{probe} asks nothing that is there";
        }

        foreach (var bound in new[] { "requests.cpu", "requests.memory", "limits.memory" })
            if (container.Find($"resources.{bound}") is null) yield return $"no resources.{bound}";
        if (container.Find("securityContext.allowPrivilegeEscalation") is not YamlScalarNode { Value: "false" }) yield return "privileges may escalate";
        if (container.Find("securityContext.readOnlyRootFilesystem") is not YamlScalarNode { Value: "true" }) yield return "its file system may be written";
        if (!container.Texts("securityContext.capabilities.drop").Contains("ALL")) yield return "capabilities are kept";
    }

    private Dictionary<string, string> Environment(YamlNode container, SecretsFolder secrets)
    {
        var environment = new Dictionary<string, string>();
        foreach (var source in container.Items("envFrom"))
        {
            // kustomize adds a hash to the names that it generates, and to those who name them.
            var map = OfKind("ConfigMap").SingleOrDefault(map => Name(map) == source.Text("configMapRef.name"));
            if (map is null) environment[$"the config map {source.Text("configMapRef.name")}"] = "absent";
            else foreach (var (name, value) in map.Entries("data")) environment[name] = ((YamlScalarNode)value).Value!;
        }

        foreach (var variable in container.Items("env")) environment[variable.Text("name")] = variable.Text("value");
        foreach (var (name, value) in environment) environment[name] = secrets.Rewrite(value.Replace("/run/secrets/taskres/", "/run/secrets/", StringComparison.Ordinal)
            .Replace("/admin-key", "/taskres-admin-key", StringComparison.Ordinal).Replace("/service-key", "/taskres-service-key", StringComparison.Ordinal));
        return environment;
    }

    private IEnumerable<string> OfServices()
    {
        foreach (var service in OfKind("Service"))
        {
            var targets = Workloads.Where(workload => Matches(service.Find("spec.selector"), Labels(workload))).ToList();
            if (targets.Count != 1) yield return $"service {Name(service)} selects {targets.Count} workloads";
            var ports = targets.SelectMany(PortNames).ToHashSet();
            foreach (var port in service.Items("spec.ports"))
                if (!ports.Contains(port.Text("targetPort"))) yield return $"service {Name(service)}: there is no port {port.Text("targetPort")}";
        }
    }

    private IEnumerable<string> OfScalers()
    {
        foreach (var scaler in OfKind("HorizontalPodAutoscaler"))
        {
            var target = OfKind("Deployment").SingleOrDefault(workload => Name(workload) == scaler.Text("spec.scaleTargetRef.name"));
            if (target is null) yield return $"scaler {Name(scaler)} has no target";
            if (int.Parse(scaler.Text("spec.minReplicas"), CultureInfo.InvariantCulture) >= int.Parse(scaler.Text("spec.maxReplicas"), CultureInfo.InvariantCulture)) yield return $"scaler {Name(scaler)} scales nothing";
        }
    }

    private IEnumerable<string> OfBudgets() =>
        from budget in OfKind("PodDisruptionBudget")
        where !Workloads.Any(workload => Selects(budget.Find("spec.selector")!, workload))
        select $"budget {Name(budget)} is of no pods";

    private IEnumerable<string> OfPolicies()
    {
        foreach (var policy in OfKind("NetworkPolicy"))
        {
            if (policy.Entries("spec.podSelector").Any() && !Workloads.Any(workload => Selects(policy.Find("spec.podSelector")!, workload))) yield return $"policy {Name(policy)} is of no pods";
            var named = policy.Items("spec.ingress").Concat(policy.Items("spec.egress")).SelectMany(rule => rule.Items("ports")).Select(port => port.Text("port")).Where(port => !int.TryParse(port, out _));
            foreach (var port in named.Except(Workloads.SelectMany(PortNames))) yield return $"policy {Name(policy)}: there is no port {port}";
        }
    }

    private static IEnumerable<string> PortNames(YamlNode workload) => workload.Items("spec.template.spec.containers").SelectMany(container => container.Items("ports")).Select(port => port.Text("name"));

    private static Dictionary<string, string> Labels(YamlNode workload) =>
        workload.Entries("spec.template.metadata.labels").ToDictionary(label => label.Key, label => ((YamlScalarNode)label.Value).Value!);

    private static bool Selects(YamlNode selector, YamlNode workload)
    {
        var labels = Labels(workload);
        return (selector.Find("matchLabels") is not { } wanted || Matches(wanted, labels))
            && selector.Items("matchExpressions").All(expression => expression.Text("operator") == "In" && labels.TryGetValue(expression.Text("key"), out var value) && expression.Texts("values").Contains(value));
    }

    private static bool Matches(YamlNode? wanted, Dictionary<string, string> labels) =>
        wanted is YamlMappingNode mapping && mapping.All(pair => labels.TryGetValue(((YamlScalarNode)pair.Key).Value!, out var value) && value == ((YamlScalarNode)pair.Value).Value);
}
