namespace TaskRes.Cli.Hub;

/// <summary>
/// The archives that OpenAI published, with the SHA-256 that their addresses hold (openai/CLIP, <c>clip/clip.py</c>), and
/// the list of merges that makes their tokenizer, from the same repository at a fixed commit.
/// </summary>
internal sealed class OpenAiArchive(HubClient client, Retries retries, Uri? mirror)
{
    private const string Commit = "d05afc436d78f1c48dc0dbf8e5980a9d471f35f6";
    private const string Merges = "bpe_simple_vocab_16e6.txt.gz";
    private const long MergesSize = 1_356_917;

    private static readonly Uri Archive = new("https://openaipublic.azureedge.net");
    private static readonly Uri Repository = new("https://raw.githubusercontent.com");
    private static readonly FileDigest MergesDigest = FileDigest.Sha256("924691ac288e54409236115652ad4aa250f48203de50a9e4722a6ecd48d6804a");

    private static readonly Dictionary<string, (string File, string Sha256)> Models = new(StringComparer.Ordinal)
    {
        ["RN50"] = ("RN50.pt", "afeb0e10f9e5a86da6080e35cf09123aca3b358a0c3e3b6c78a7b63bc04b6762"),
        ["RN101"] = ("RN101.pt", "8fa8567bab74a42d41c5915025a8e4538c3bdbe8804a470a72f30b0d94fab599"),
        ["RN50x4"] = ("RN50x4.pt", "7e526bd135e493cef0776de27d5f42653e6b4c8bf9e0f653bb11773263205fdd"),
        ["RN50x16"] = ("RN50x16.pt", "52378b407f34354e150460fe41077663dd5b39c54cd0bfd2b27167a4a06ec9aa"),
        ["RN50x64"] = ("RN50x64.pt", "be1cfb55d75a9666199fb2206c106743da0f6468c9d327f3e0d0a543a9919d9c"),
        ["ViT-B/32"] = ("ViT-B-32.pt", "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af"),
        ["ViT-B/16"] = ("ViT-B-16.pt", "5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f"),
        ["ViT-L/14"] = ("ViT-L-14.pt", "b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836"),
        ["ViT-L/14@336px"] = ("ViT-L-14-336px.pt", "3035c92b350959924f9f00213499208652fc7ea050643e8b385c2dac08641f02"),
    };

    public static IReadOnlyCollection<string> Names => Models.Keys;

    /// <param name="name">One of <see cref="Names"/>.</param>
    public async Task<RemoteModel> FindAsync(string name, CancellationToken cancellationToken)
    {
        var (file, sha256) = Models[name];
        var weights = HubClient.At(mirror ?? Archive, $"clip/models/{sha256}/{file}");
        var merges = HubClient.At(mirror ?? Repository, $"openai/CLIP/{Commit}/clip/{Merges}");
        return new RemoteModel(weights, Revision: null, Commit: null,
        [
            new RemoteFile(Merges, merges, MergesSize, MergesDigest),
            new RemoteFile(file, weights, await SizeAsync(weights, cancellationToken), FileDigest.Sha256(sha256)),
        ]);
    }

    /// <summary>The list of the published has no sizes.</summary>
    private Task<long> SizeAsync(Uri address, CancellationToken cancellationToken) => retries.RunAsync(
        async () =>
        {
            using var response = await client.SendAsync(HttpMethod.Head, address, 0, cancellationToken);
            return response.Content.Headers.ContentLength ?? throw HubErrors.Corrupt(address, "the server does not tell the file's size");
        },
        cancellationToken);
}
