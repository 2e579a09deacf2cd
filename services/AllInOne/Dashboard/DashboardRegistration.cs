using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace TaskRes.AllInOne.Dashboard;

/// <summary>
/// The dashboard on the web port: the files that <c>clients/dashboard</c> is built to. Its pages are paths of their own, and
/// every other path is what it was, so that a wrong address of the API is answered as one.
/// </summary>
internal static class DashboardRegistration
{
    private const string Assets = "/assets";
    private const string Page = "index.html";

    // The pages of the dashboard's router.
    private static readonly string[] Pages = ["/", "/tasks/{**place}", "/train", "/try", "/system", "/tenants/{**place}"];

    // Nothing is loaded from elsewhere, and no other site may frame it.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static WebApplicationBuilder AddDashboard(this WebApplicationBuilder builder)
    {
        builder.Services.AddResponseCompression(compression =>
        {
            // The files are the same for everybody: their length tells nothing.
            compression.EnableForHttps = true;
            compression.MimeTypes = ["text/html", "text/css", "text/javascript", "image/svg+xml"];
            compression.Providers.Add<GzipCompressionProvider>();
        });
        return builder;
    }

    public static WebApplication MapDashboard(this WebApplication app)
    {
        var files = new StaticFileOptions { FileProvider = new PhysicalFileProvider(BundledFiles.DashboardFolder), OnPrepareResponse = Prepare };
        app.UseWhen(IsAsset, branch => branch.UseResponseCompression().UseStaticFiles(files));
        foreach (var page in Pages) app.MapFallbackToFile(page, Page, files);
        return app;
    }

    private static bool IsAsset(HttpContext context) => context.Request.Path.StartsWithSegments(Assets, StringComparison.Ordinal);

    private static void Prepare(StaticFileResponseContext response)
    {
        var headers = response.Context.Response.Headers;
        // An asset's name holds the hash of its content; a page names the assets, and is asked for each time.
        headers[HeaderNames.CacheControl] = IsAsset(response.Context) ? "public, max-age=31536000, immutable" : "no-cache";
        headers[HeaderNames.ContentSecurityPolicy] = ContentSecurityPolicy;
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
