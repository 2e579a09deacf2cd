using System.Buffers.Text;
using System.Text;
using TaskRes.Core;

namespace TaskRes.Platform.Registry;

/// <summary>Page tokens (AIP-158): opaque to callers, good only for the listing that gave them.</summary>
internal static class PageTokens
{
    public const int MaxPageSize = 500;

    private const int MaxLength = 1024;

    /// <param name="listing">What is listed, such as <c>tenants/acme/tasks</c>.</param>
    /// <param name="position">Where the next page begins.</param>
    public static string Encode(string listing, string position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{listing}\n{position}"));

    /// <summary>Checks the page's size and reads where it begins; null for the first page.</summary>
    /// <exception cref="TaskResException">InvalidField, page_size or page_token.</exception>
    public static string? Decode(PageRequest page, string listing)
    {
        if (page.Size is < 1 or > MaxPageSize) throw TaskResException.Invalid("page_size", $"{page.Size} is out of range; give 1 to {MaxPageSize}.");
        if (string.IsNullOrEmpty(page.Token)) return null;
        if (page.Token.Length <= MaxLength && Base64Url.IsValid(page.Token)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(page.Token)).Split('\n') is [var of, var position] && of == listing)
            return position;
        throw Invalid();
    }

    public static TaskResException Invalid() =>
        TaskResException.Invalid("page_token", "it is not a token of this listing; start again without one.");
}
