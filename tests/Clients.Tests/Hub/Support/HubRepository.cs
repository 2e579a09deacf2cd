using System.Security.Cryptography;
using System.Text;

namespace TaskRes.Clients.Tests.Hub.Support;

/// <summary>A repository of the hub, at one commit, which is another after each change.</summary>
internal sealed class HubRepository(string name)
{
    private readonly Dictionary<string, HubFile> _files = [];

    public string Name { get; } = name;

    public IReadOnlyCollection<HubFile> Files => _files.Values;

    /// <summary>How many files a page of the listing has.</summary>
    public int PageSize { get; init; } = 2;

    public string Commit => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(_files.Values.Select(file => file.Path + file.Oid)))))[..40];

    public HubRepository Small(string path, string text) => With(new HubFile(path, Encoding.UTF8.GetBytes(text), IsLarge: false));

    public HubRepository Large(string path, byte[] content) => With(new HubFile(path, content, IsLarge: true));

    public HubRepository With(HubFile file)
    {
        _files[file.Path] = file;
        return this;
    }

    public bool Knows(string revision) => revision is "main" or "v1/x" || revision == Commit;

    public HubFile? File(string rest) => _files.Values.FirstOrDefault(file => rest == $"/resolve/{Commit}/{file.Path}");

    /// <summary>The listing, page by page, a folder among its entries.</summary>
    public HubAnswer Tree() => async context =>
    {
        var page = context.Request.Query["cursor"] is [{ } cursor] ? int.Parse(cursor, System.Globalization.CultureInfo.InvariantCulture) : 0;
        if ((page + 1) * PageSize < _files.Count)
            context.Response.Headers.Link = $"<http://{context.Request.Host}{context.Request.Path}?recursive=true&cursor={page + 1}>; rel=\"next\"";
        var files = _files.Values.Skip(page * PageSize).Take(PageSize).Select(file => file.IsLarge
            ? (object)new { type = "file", path = file.Path, size = file.ListedSize, oid = new string('0', 40), lfs = new { oid = file.Oid, size = file.ListedSize, pointerSize = 130 } }
            : new { type = "file", path = file.Path, size = file.ListedSize, oid = file.Oid });
        await HubAnswers.Json(files.Prepend(new { type = "directory", path = "onnx", size = 0, oid = new string('0', 40) }))(context);
    };
}
