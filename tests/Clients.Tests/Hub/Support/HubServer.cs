using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TaskRes.Clients.Tests.Hub.Support;

/// <summary>
/// A hub on loopback that speaks as Hugging Face's does: the API, small files from the hub itself, large ones by a redirect
/// to another host. Answers can be scripted, faults included. Other paths can be filled too, as OpenAI's archive is.
/// </summary>
internal sealed class HubServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, HubRepository> _repositories = new();
    private readonly ConcurrentDictionary<string, byte[]> _files = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<HubAnswer>> _scripts = new();
    private readonly ConcurrentQueue<HubRequest> _requests = new();

    private HubServer(WebApplication app) => _app = app;

    public Uri Endpoint => Address(0);

    public Uri Cdn => Address(1);

    /// <summary>All that were made, in order.</summary>
    public IReadOnlyList<HubRequest> Requests => [.. _requests];

    /// <summary>Without it the hub answers 401.</summary>
    public string? Token { get; set; }

    public static async Task<HubServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        var server = new HubServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public HubRepository Add(string name) => _repositories[name] = new HubRepository(name);

    public void AddFile(string path, byte[] content) => _files[path] = content;

    /// <summary>What the next requests of a file's bytes, or of a path, get: one answer each, then the usual ones.</summary>
    public void Script(string fileOrPath, params HubAnswer[] answers) => _scripts[fileOrPath] = new(answers);

    /// <summary>The requests of a file's bytes, those that were redirected not among them.</summary>
    public IReadOnlyList<HubRequest> DataRequests(string file) => [.. Requests.Where(request => request.Data == file)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Uri Address(int place) => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(place));

    private async Task AnswerAsync(HttpContext context)
    {
        var (path, isCdn) = (context.Request.Path.Value!, context.Connection.LocalPort == Cdn.Port);
        var (answer, data) = isCdn ? CdnFile(path) : HubPath(path, context);
        _requests.Enqueue(new HubRequest(
            isCdn, context.Request.Method, context.Request.Host.Value!, path, context.Request.Headers.Authorization, context.Request.Headers.Range, data));

        if (_scripts.TryGetValue(data ?? path, out var script) && script.TryDequeue(out var scripted)) answer = scripted;
        await answer(context);
    }

    private (HubAnswer Answer, string? Data) HubPath(string path, HttpContext context)
    {
        if (_files.TryGetValue(path, out var content)) return (HubAnswers.Bytes(content), Path.GetFileName(path));
        if (Token is not null && context.Request.Headers.Authorization != $"Bearer {Token}") return (HubAnswers.Status(401), null);

        var isApi = path.StartsWith("/api/models/", StringComparison.Ordinal);
        if (_repositories.Values.FirstOrDefault(each => (isApi ? path["/api/models/".Length..] : path[1..]).StartsWith($"{each.Name}/", StringComparison.Ordinal)) is not { } repository)
            return (HubAnswers.Status(404), null);
        var rest = path[((isApi ? "/api/models/".Length : 1) + repository.Name.Length)..];
        if (isApi && rest.StartsWith("/revision/", StringComparison.Ordinal) && repository.Knows(Uri.UnescapeDataString(rest["/revision/".Length..])))
            return (HubAnswers.Json(new { id = repository.Name, sha = repository.Commit }), null);
        if (isApi && rest == $"/tree/{repository.Commit}") return (repository.Tree(), null);
        if (isApi || repository.File(rest) is not { } file) return (HubAnswers.Status(404), null);
        return file.IsLarge ? (HubAnswers.Redirect(new Uri(Cdn, $"/{file.Oid}/{file.Path}")), null) : (HubAnswers.Bytes(file.Content), file.Path);
    }

    private (HubAnswer Answer, string? Data) CdnFile(string path) =>
        _repositories.Values.SelectMany(repository => repository.Files).FirstOrDefault(file => path == $"/{file.Oid}/{file.Path}") is { } file
            ? (HubAnswers.Bytes(file.Content), file.Path)
            : (HubAnswers.Status(404), null);
}

/// <param name="Data">The file whose bytes were asked for; null for all else.</param>
internal sealed record HubRequest(bool IsCdn, string Method, string Host, string Path, string? Authorization, string? Range, string? Data);

/// <summary>A file of a repository.</summary>
internal sealed record HubFile(string Path, byte[] Content, bool IsLarge)
{
    /// <summary>Of a large file its SHA-256, of a small one git's name of it.</summary>
    public string Oid { get; init; } = IsLarge ? Convert.ToHexStringLower(SHA256.HashData(Content)) : GitName(Content);

    /// <summary>What the listing says, true or not.</summary>
    public long ListedSize { get; init; } = Content.Length;

#pragma warning disable CA5350 // Git's names are SHA-1.
    private static string GitName(byte[] content) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
#pragma warning restore CA5350
}
