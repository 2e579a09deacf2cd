using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TaskRes.Services.Tests.Support;
using TaskRes.Tests;
using YamlDotNet.RepresentationModel;

namespace TaskRes.Services.Tests.Observability;

/// <summary>A real Prometheus with the configuration of services/observability, its targets those of the test and its clock a second.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private const string Interval = "1s";

    private readonly string _folder = Directory.CreateTempSubdirectory("taskres-prometheus-").FullName;
    private readonly HttpClient _http;
    private Process? _process;

    private PrometheusServer()
    {
        Port = RedisServer.FreePort();
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
    }

    public int Port { get; }

    /// <param name="targets">The web port and the key of each job.</param>
    public static async Task<PrometheusServer> StartAsync(IReadOnlyDictionary<string, (int WebPort, string Key)> targets)
    {
        var program = Need.Program("prometheus");
        var server = new PrometheusServer();
        var config = server.Configure(targets);
        server._process = Process.Start(new ProcessStartInfo(program,
        [
            $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(server._folder, "data")}", $"--web.listen-address=127.0.0.1:{server.Port}", "--log.level=error",
        ]));
        try
        {
            await Eventually.HoldsAsync(server.IsReadyAsync, "prometheus is ready");
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>The values of an instant query, those that are no number left out.</summary>
    /// <exception cref="InvalidOperationException">Prometheus does not take the query.</exception>
    public async Task<IReadOnlyList<double>> QueryAsync(string expression)
    {
        using var reply = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
        if (reply.RootElement.GetProperty("status").GetString() != "success") throw new InvalidOperationException($"{expression}: {reply.RootElement.GetProperty("error")}");
        return [.. reply.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
            .Select(sample => double.Parse(sample.GetProperty("value")[1].GetString()!.Replace("Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture))
            .Where(value => !double.IsNaN(value))];
    }

    /// <summary>The names of all metrics that it has.</summary>
    public async Task<IReadOnlySet<string>> NamesAsync()
    {
        using var reply = await GetAsync("/api/v1/label/__name__/values");
        return reply.RootElement.GetProperty("data").EnumerateArray().Select(name => name.GetString()!).ToHashSet();
    }

    /// <summary>Rules by name with what went wrong the last time; empty where nothing did.</summary>
    public async Task<IReadOnlyList<(string Name, string Health, string Error)>> RulesAsync()
    {
        using var reply = await GetAsync("/api/v1/rules");
        return [.. reply.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
            .SelectMany(group => group.GetProperty("rules").EnumerateArray())
            .Select(rule => (rule.GetProperty("name").GetString()!, rule.GetProperty("health").GetString()!, rule.TryGetProperty("lastError", out var error) ? error.GetString()! : ""))];
    }

    public void Dispose()
    {
        _http.Dispose();
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Configure(IReadOnlyDictionary<string, (int WebPort, string Key)> targets)
    {
        var config = Yaml.Load(ObservabilityFiles.Prometheus);
        var global = (YamlMappingNode)config["global"];
        (global.Children["scrape_interval"], global.Children["evaluation_interval"]) = (Interval, Interval);
        ((YamlSequenceNode)config["rule_files"]).Children[0] = ObservabilityFiles.Rules;
        var scrapes = (YamlSequenceNode)config["scrape_configs"];
        // The suite in one process is scraped by whoever runs it, and in no file of the repository.
        foreach (var job in targets.Keys.Except(scrapes.Select(scrape => scrape.Text("job_name"))).ToList())
            scrapes.Add(new YamlMappingNode("job_name", job, "authorization", new YamlMappingNode()));
        foreach (var scrape in scrapes.Cast<YamlMappingNode>())
        {
            var (port, key) = targets[scrape.Text("job_name")];
            scrape.Children.Remove("dns_sd_configs");
            scrape.Add("static_configs", new YamlSequenceNode(new YamlMappingNode("targets", new YamlSequenceNode($"127.0.0.1:{port}"))));
            var secret = Path.Combine(_folder, $"{scrape.Text("job_name")}.key");
            File.WriteAllText(secret, key);
            ((YamlMappingNode)scrape["authorization"]).Children["credentials_file"] = secret;
        }

        var path = Path.Combine(_folder, "prometheus.yml");
        Yaml.Save(config, path);
        return path;
    }

    private async Task<JsonDocument> GetAsync(string path)
    {
        using var reply = await _http.GetAsync(path, TestContext.Current.CancellationToken);
        return JsonDocument.Parse(await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var reply = await _http.GetAsync("/-/ready", TestContext.Current.CancellationToken);
            return reply.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
