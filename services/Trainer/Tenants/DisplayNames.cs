using TaskRes.Core;

namespace TaskRes.Trainer.Tenants;

/// <summary>What people call a tenant or a key.</summary>
internal static class DisplayNames
{
    private const int MaxLength = 200;

    /// <exception cref="TaskResException">InvalidField; LimitExceeded.</exception>
    public static string Parse(string name, string field)
    {
        if (name.Length > MaxLength) throw TaskResException.OverLimit(field, name.Length, MaxLength, "characters");
        return name.Any(char.IsControl) ? throw TaskResException.Invalid(field, "it has control characters.") : name;
    }
}
