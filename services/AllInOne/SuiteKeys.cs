using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace TaskRes.AllInOne;

/// <summary>The keys of a suite in one process: the operator's, made at the first start and kept in a file that its owner alone may read, and one between its parts that no one else ever sees.</summary>
internal sealed class SuiteKeys
{
    private const int SecretBytes = 32;

    public SuiteKeys(IOptions<SuiteStorageOptions> options)
    {
        var path = Path.Combine(Directory.CreateDirectory(options.Value.Folder).FullName, "admin-key");
        Admin = File.Exists(path) ? File.ReadAllText(path).Trim() : Create(path);
    }

    public string Admin { get; }

    public string Service { get; } = NewSecret();

    private static string Create(string path)
    {
        var secret = NewSecret();
        OwnerFile.Write(path, secret);
        return secret;
    }

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
}
