using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Hosting;
using TaskRes.Platform.Redis;

namespace TaskRes.Platform.Access;

internal static class AccessRegistration
{
    /// <summary>What the interceptor asks. The stores are made when the first call asks for them: a service without Redis can still run with access off.</summary>
    public static void AddAccess(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<AccessOptions>(AccessOptions.Section);
        builder.Services.PostConfigure<AccessOptions>(access => access.ReadFiles());
        builder.Services.AddSingleton<TenantStore>();
        builder.Services.AddSingleton(Book);
        builder.Services.AddSingleton<ApiKeyStore>();
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddSingleton<Authenticator>();
        builder.Services.AddSingleton<Authorizer>();
    }

    /// <summary>Metrics name tenants: they are for the operator and the suite's own, who sends the service key.</summary>
    public static void UseMetricsAccess(this WebApplication app, string path) =>
        app.UseWhen(context => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase), branch => branch.Use(async (context, next) =>
        {
            if (await MayReadMetricsAsync(context)) await next(context);
            else context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }));

    // A service without Redis knows no tenant, and treats all alike.
    private static TenantBook Book(IServiceProvider services) => new(
        services.GetService<RegistryRedis>() is null ? (_, _) => Task.FromResult<TenantRecord?>(null) : services.GetRequiredService<TenantStore>().FindAsync,
        services.GetRequiredService<IOptions<AccessOptions>>(),
        services.GetRequiredService<TimeProvider>());

    private static async Task<bool> MayReadMetricsAsync(HttpContext context)
    {
        if (context.RequestServices.GetRequiredService<IOptions<AccessOptions>>().Value.Mode == AccessMode.Off) return true;
        try
        {
            var authenticator = context.RequestServices.GetRequiredService<Authenticator>();
            var principal = await authenticator.AuthenticateAsync(context.Request.Headers.Authorization, context.RequestAborted);
            return principal.Tenant is null;
        }
        catch (TaskResException)
        {
            return false;
        }
    }
}
