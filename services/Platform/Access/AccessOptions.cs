using System.ComponentModel.DataAnnotations;
using TaskRes.Platform.Hosting;

namespace TaskRes.Platform.Access;

public enum AccessMode
{
    /// <summary>Every call but health and reflection carries a key, a token or a service's identity.</summary>
    Required,

    /// <summary>Nobody is asked who he is, and everybody may do everything: for a network that you trust.</summary>
    Off,
}

/// <summary>Who may call: the section <c>Access</c>. The same for all services of a suite.</summary>
public sealed class AccessOptions : IValidatableObject
{
    public const string Section = "Access";

    /// <summary>The shortest secret that cannot be guessed, in characters.</summary>
    public const int MinSecretLength = 32;

    public AccessMode Mode { get; set; }

    /// <summary>The operator's key, at least 32 characters: it makes tenants and their first keys.</summary>
    public string AdminKey { get; set; } = "";

    /// <summary>A file that holds it, in place of <see cref="AdminKey"/>.</summary>
    public string AdminKeyPath { get; set; } = "";

    /// <summary>The secret by which the services of a suite know each other, at least 32 characters.</summary>
    public string ServiceKey { get; set; } = "";

    /// <summary>A file that holds it, in place of <see cref="ServiceKey"/>.</summary>
    public string ServiceKeyPath { get; set; } = "";

    /// <summary>Tokens of an identity provider, beside keys.</summary>
    public JwtOptions Jwt { get; set; } = new();

    /// <summary>How long what is known of a key or a tenant is believed without asking the registry again: so long may a revoked key go on; from 0 to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Freshness { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it is believed while the registry is away; from 0 seconds to a day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Takes the keys from their files.</summary>
    internal void ReadFiles()
    {
        AdminKey = SecretFile.Read(AdminKeyPath) ?? AdminKey;
        ServiceKey = SecretFile.Read(ServiceKeyPath) ?? ServiceKey;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Mode == AccessMode.Off) yield break;
        foreach (var (name, path) in new[] { (nameof(AdminKeyPath), AdminKeyPath), (nameof(ServiceKeyPath), ServiceKeyPath) })
            if (SecretFile.Check(name, path) is { } absent) yield return absent;
        foreach (var (name, secret) in new[] { (nameof(AdminKey), AdminKey), (nameof(ServiceKey), ServiceKey) })
            if (secret.Length < MinSecretLength)
                yield return new ValidationResult($"it has {secret.Length} characters: give all services of the suite the same secret of at least {MinSecretLength}, or, on a network that you trust, set {Section}:{nameof(Mode)} to {nameof(AccessMode.Off)}.", [name]);
        if (AdminKey.Length > 0 && AdminKey == ServiceKey)
            yield return new ValidationResult($"it is the same as {nameof(AdminKey)}: give two secrets.", [nameof(ServiceKey)]);
        if (Jwt.Jwks.Length > 0 && (Jwt.Issuer.Length == 0 || Jwt.Audience.Length == 0))
            yield return new ValidationResult($"{nameof(Jwt.Issuer)} and {nameof(Jwt.Audience)} are needed beside {nameof(Jwt.Jwks)}: a token of another issuer, or for another service, must not be good here.", [nameof(Jwt)]);
    }
}

/// <summary>Which tokens are good: the section <c>Access:Jwt</c>.</summary>
public sealed class JwtOptions
{
    /// <summary>The issuer's public keys: a file, or an https address. Empty takes no tokens.</summary>
    public string Jwks { get; set; } = "";

    /// <summary>What the token's <c>iss</c> must be.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>What the token's <c>aud</c> must hold.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The claim that holds the tenant's id.</summary>
    [Required]
    public string TenantClaim { get; set; } = "tenant";

    /// <summary>The claim that holds the permissions as words, such as "taskres.read taskres.classify".</summary>
    [Required]
    public string ScopeClaim { get; set; } = "scope";
}
