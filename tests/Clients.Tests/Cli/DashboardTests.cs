using System.Net;
using System.Text.RegularExpressions;

namespace TaskRes.Clients.Tests.Cli;

/// <summary>The dashboard's files on the web port of a running suite; its pages are driven by the tests beside its source.</summary>
public sealed partial class DashboardTests(DashboardTests.SuiteFixture suite) : IClassFixture<DashboardTests.SuiteFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/tasks")]
    [InlineData("/tasks/a/jobs/b")]
    [InlineData("/train")]
    [InlineData("/try?task=a")]
    [InlineData("/system")]
    [InlineData("/tenants/acme")]
    public async Task Page_ByItsAddress_IsAnsweredUnderAStrictPolicy(string path)
    {
        using var response = await suite.Web.GetAsync(path, Cancel);

        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.True(response.Headers.CacheControl?.NoCache);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task Page_ThatHasNotChanged_IsNotSentAgain()
    {
        using var first = await suite.Web.GetAsync("/tasks", Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tasks");
        request.Headers.IfNoneMatch.Add(Assert.IsType<System.Net.Http.Headers.EntityTagHeaderValue>(first.Headers.ETag));
        using var again = await suite.Web.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Assets_OfThePage_AreKeptForEverAndCompressed()
    {
        var assets = AssetPath().Matches(await suite.Web.GetStringAsync("/", Cancel)).Select(match => match.Value).ToList();

        Assert.Equal([".css", ".js", ".svg"], assets.Select(Path.GetExtension).Order(StringComparer.Ordinal));
        foreach (var asset in assets)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, asset);
            request.Headers.AcceptEncoding.ParseAdd("gzip");
            using var response = await suite.Web.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(Path.GetExtension(asset) switch { ".css" => "text/css", ".js" => "text/javascript", _ => "image/svg+xml" }, response.Content.Headers.ContentType?.MediaType);
            Assert.Contains("immutable", $"{response.Headers.CacheControl}", StringComparison.Ordinal);
            Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        }
    }

    [Theory]
    [InlineData("/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("/nothing", HttpStatusCode.NotFound)]
    [InlineData("/assets/nothing.js", HttpStatusCode.NotFound)]
    [InlineData("/assets/../index.html", HttpStatusCode.NotFound)]
    [InlineData("/metrics", HttpStatusCode.Unauthorized)]
    [InlineData("/v1/model", HttpStatusCode.Unauthorized)]
    [InlineData("/health", HttpStatusCode.OK)]
    public async Task OtherPath_BesideTheDashboard_IsWhatItWas(string path, HttpStatusCode expected)
    {
        using var response = await suite.Web.GetAsync(path, Cancel);

        Assert.Equal(expected, response.StatusCode);
        Assert.NotEqual("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [GeneratedRegex("""/assets/[^"]+""")]
    private static partial Regex AssetPath();

    public sealed class SuiteFixture : IAsyncLifetime
    {
        private readonly CliHome _home = new();
        private RunningSuite? _suite;

        public HttpClient Web { get; } = new();

        public async ValueTask InitializeAsync()
        {
            _suite = await RunningSuite.StartAsync(_home);
            Web.BaseAddress = new Uri(_suite.Announcement.GetProperty("web").GetString()!);
        }

        public async ValueTask DisposeAsync()
        {
            Web.Dispose();
            if (_suite is not null) await _suite.DisposeAsync();
            _home.Dispose();
        }
    }
}
