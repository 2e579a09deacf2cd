using System.Security.Cryptography;
using System.Text;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Access;

/// <summary>
/// The text that a key's holder sends: <c>tr_{tenant}_{key}_{secret}</c>. The secret is 256 random bits, so that a plain
/// SHA-256 of it is as safe to keep as a slow hash.
/// </summary>
internal sealed record ApiKeySecret(ApiKeyName Name, string Text)
{
    private const string Prefix = "tr";
    private const int SecretBytes = 32;
    private const int IdBytes = 6;

    /// <summary>A new key of the tenant.</summary>
    public static ApiKeySecret New(TenantName tenant) =>
        For(new ApiKeyName(tenant, $"k{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes))}"));

    /// <summary>A new secret of the key.</summary>
    public static ApiKeySecret For(ApiKeyName name) =>
        new(name, $"{Prefix}_{name.Tenant.Tenant}_{name.Key}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes))}");

    /// <summary>Null where the text is no key.</summary>
    public static ApiKeySecret? Parse(string text) =>
        text.Split('_') is [Prefix, var tenant, var key, { Length: SecretBytes * 2 }] && ResourceSegments.IsIdentifier(tenant) && ResourceSegments.IsIdentifier(key)
            ? new ApiKeySecret(new ApiKeyName(new TenantName(tenant), key), text)
            : null;

    public byte[] Hash()
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        Hash(hash);
        return hash;
    }

    /// <param name="hash">32 bytes.</param>
    public void Hash(Span<byte> hash)
    {
        // Its parts are of bounded length: some 200 characters in all.
        Span<byte> text = stackalloc byte[Encoding.UTF8.GetMaxByteCount(Text.Length)];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(Text, text)], hash);
    }
}
