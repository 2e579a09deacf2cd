using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using TaskRes.Platform.Resources;

namespace TaskRes.Platform.Access;

/// <summary>From what a caller sends to who it is.</summary>
internal sealed class Authenticator
{
    private const string Bearer = "Bearer ";
    private const int MaxLength = 16 << 10;

    private readonly byte[] _adminHash;
    private readonly byte[] _serviceHash;
    private readonly Remembered<ApiKeyName, ApiKeyRecord> _keys;
    private readonly ConditionalWeakTable<ApiKeyRecord, Principal> _principals = [];
    private readonly JwtValidator? _jwt;
    private readonly TimeProvider _time;

    public Authenticator(IOptions<AccessOptions> options, ApiKeyStore keys, TimeProvider time)
    {
        (_adminHash, _serviceHash) = (Hash(options.Value.AdminKey), Hash(options.Value.ServiceKey));
        _keys = new Remembered<ApiKeyName, ApiKeyRecord>(keys.FindAsync, options.Value, time);
        _jwt = options.Value.Jwt.Jwks.Length == 0 ? null : new JwtValidator(options.Value.Jwt);
        _time = time;
    }

    /// <param name="authorization">The header's value; null where there is none.</param>
    /// <exception cref="Core.TaskResException">Unauthenticated; RegistryUnavailable where it takes the registry to know.</exception>
    public async ValueTask<Principal> AuthenticateAsync(string? authorization, CancellationToken cancellationToken)
    {
        if (authorization is not { Length: <= MaxLength } || !authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) throw AccessErrors.Unauthenticated();
        var text = authorization[Bearer.Length..].Trim();
        if (ApiKeySecret.Parse(text) is { } secret) return await OfKeyAsync(secret, cancellationToken) ?? throw AccessErrors.Unauthenticated();

        var hash = Hash(text);
        if (CryptographicOperations.FixedTimeEquals(hash, _adminHash)) return Principal.Operator;
        if (CryptographicOperations.FixedTimeEquals(hash, _serviceHash)) return Principal.Service;
        return (_jwt is null ? null : await _jwt.ValidateAsync(text, cancellationToken)) ?? throw AccessErrors.Unauthenticated();
    }

    private async ValueTask<Principal?> OfKeyAsync(ApiKeySecret secret, CancellationToken cancellationToken)
    {
        if (await _keys.FindAsync(secret.Name, cancellationToken) is not { } key) return null;
        var now = _time.GetUtcNow();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        secret.Hash(hash);
        var isCurrent = CryptographicOperations.FixedTimeEquals(hash, key.SecretHash.Span);
        var isPrevious = key.PreviousSecretHash is { } previous && now < key.PreviousSecretExpireTime && CryptographicOperations.FixedTimeEquals(hash, previous.Span);
        if ((!isCurrent && !isPrevious) || now >= key.ExpireTime) return null;
        return _principals.GetValue(key, PrincipalOf);
    }

    private static Principal PrincipalOf(ApiKeyRecord key) => new($"keys/{key.Name.Key}", key.Name.Tenant, key.Permissions.ToFrozenSet(), key.Tasks.ToFrozenSet());

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
