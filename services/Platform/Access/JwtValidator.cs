using System.Collections.Frozen;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Tokens;
using TaskRes.Platform.Resources;
using TaskRes.V1;

namespace TaskRes.Platform.Access;

/// <summary>Tokens of an identity provider: signature, issuer, audience and time by the library; tenant and permissions from their claims.</summary>
internal sealed class JwtValidator
{
    private const string ScopePrefix = "taskres.";

    // Operating the suite is for the operator's key alone.
    private static readonly FrozenDictionary<string, Permission> Scopes =
        new[] { Permission.Read, Permission.Classify, Permission.Train, Permission.Admin }
            .ToFrozenDictionary(permission => $"{ScopePrefix}{permission.ToString().ToLowerInvariant()}");

    private readonly JsonWebTokenHandler _handler = new();
    private readonly JwtOptions _options;
    private readonly ConfigurationManager<JsonWebKeySet> _keys;

    public JwtValidator(JwtOptions options)
    {
        _options = options;
        var isAddress = options.Jwks.StartsWith("http", StringComparison.Ordinal);
        _keys = new ConfigurationManager<JsonWebKeySet>(
            options.Jwks, new KeySetRetriever(), isAddress ? new HttpDocumentRetriever() : new FileDocumentRetriever());
    }

    /// <summary>Null where the token is not good.</summary>
    public async Task<Principal?> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        var result = await ValidateOnceAsync(token, cancellationToken);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The issuer may have changed its keys. The manager bounds how often it really asks.
            _keys.RequestRefresh();
            result = await ValidateOnceAsync(token, cancellationToken);
        }

        return result.IsValid ? Read((JsonWebToken)result.SecurityToken) : null;
    }

    private async Task<TokenValidationResult> ValidateOnceAsync(string token, CancellationToken cancellationToken)
    {
        var keys = await _keys.GetConfigurationAsync(cancellationToken);
        return await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = _options.Issuer,
            ValidAudience = _options.Audience,
            IssuerSigningKeys = keys.GetSigningKeys(),
            RequireExpirationTime = true,
            RequireSignedTokens = true,
        });
    }

    private Principal? Read(JsonWebToken token)
    {
        if (!token.TryGetPayloadValue<string>(_options.TenantClaim, out var tenant) || !ResourceSegments.IsIdentifier(tenant)) return null;
        token.TryGetPayloadValue<string>(_options.ScopeClaim, out var scopes);
        var permissions = (scopes ?? "").Split(' ').Where(Scopes.ContainsKey).Select(scope => Scopes[scope]).ToFrozenSet();
        return new Principal($"jwt/{token.Subject}", new TenantName(tenant), permissions, []);
    }

    private sealed class KeySetRetriever : IConfigurationRetriever<JsonWebKeySet>
    {
        public async Task<JsonWebKeySet> GetConfigurationAsync(string address, IDocumentRetriever retriever, CancellationToken cancel) =>
            new(await retriever.GetDocumentAsync(address, cancel));
    }
}
