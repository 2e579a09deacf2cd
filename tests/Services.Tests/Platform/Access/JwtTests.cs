using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TaskRes.Platform.Access;
using TaskRes.Trials.Isolation;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Platform.Access;

public sealed class JwtTests : IDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-jwks-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Validate_GoodToken_IsItsTenantWithItsPermissions()
    {
        var principal = await Validator().ValidateAsync(Token(_rsa), Cancel);

        Assert.Equal(("jwt/ann", "tenants/acme"), (principal?.Id, $"{principal?.Tenant}"));
        Assert.Equal([Permission.Classify, Permission.Read], principal!.Permissions.Order().Reverse());
    }

    [Fact]
    public async Task Validate_TokenThatIsNotGood_IsNobody()
    {
        using var other = RSA.Create(2048);
        string[] bad =
        [
            Token(other),
            Token(_rsa, issuer: "somebody else"),
            Token(_rsa, audience: "another service"),
            Token(_rsa, expires: TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1)),
            Token(_rsa, tenant: "../acme"),
            Unsigned(),
            $"{Token(_rsa)[..^4]}AAAA",
            "a.b.c",
        ];
        var validator = Validator();
        foreach (var token in bad) Assert.Null(await validator.ValidateAsync(token, Cancel));
    }

    [Fact]
    public async Task Call_WithAToken_IsTheTenants()
    {
        await using var suite = await GuardedSuite.StartAsync(
            ("Access:Jwt:Jwks", WriteKeys()), ("Access:Jwt:Issuer", "issuer"), ("Access:Jwt:Audience", "taskres"));
        await suite.TenantAsync("acme");
        await suite.TenantAsync("other");
        var get = new AnyRpc(TenantService.Descriptor.FindMethodByName("GetTenant"));

        Assert.Equal("OK", (await get.CallAsync(suite.Service.Channel, Token(_rsa), "tenants/acme", Cancel)).Reason);
        Assert.Equal("TENANT_NOT_FOUND", (await get.CallAsync(suite.Service.Channel, Token(_rsa), "tenants/other", Cancel)).Reason);
        Assert.Equal("UNAUTHENTICATED", (await get.CallAsync(suite.Service.Channel, Unsigned(), "tenants/acme", Cancel)).Reason);
    }

    public void Dispose()
    {
        _rsa.Dispose();
        _folder.Delete(recursive: true);
    }

    private JwtValidator Validator() => new(new JwtOptions { Jwks = WriteKeys(), Issuer = "issuer", Audience = "taskres" });

    private string WriteKeys()
    {
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_rsa.ExportParameters(includePrivateParameters: false)) { KeyId = "1" });
        var path = Path.Combine(_folder.FullName, "jwks.json");
        File.WriteAllText(path, $$"""{"keys":[{"kty":"RSA","kid":"1","use":"sig","n":"{{key.N}}","e":"{{key.E}}"}]}""");
        return path;
    }

    private static string Unsigned() => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(Claims(null));

    private static string Token(RSA rsa, string issuer = "issuer", string audience = "taskres", DateTime? expires = null, string tenant = "acme") =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            Claims(new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = "1" }, SecurityAlgorithms.RsaSha256), issuer, audience, expires, tenant));

    private static SecurityTokenDescriptor Claims(SigningCredentials? signing, string issuer = "issuer", string audience = "taskres", DateTime? expires = null, string tenant = "acme") => new()
    {
        Issuer = issuer,
        Audience = audience,
        Expires = expires ?? TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
        SigningCredentials = signing,
        Claims = new Dictionary<string, object> { ["sub"] = "ann", ["tenant"] = tenant, ["scope"] = "openid taskres.read taskres.classify taskres.operate" },
    };
}
