using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TaskRes.Platform.Access;
using TaskRes.Platform.Hosting;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Redis;

namespace TaskRes.Platform.Quotas;

internal static class QuotaRegistration
{
    public static void AddQuotas(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<QuotaOptions>(QuotaOptions.Section);
        builder.Services.AddSingleton(Book);
        builder.Services.AddSingleton(services => new RequestGates(
            services.GetRequiredService<QuotaBook>(), services.GetService<CacheRedis>(), services.GetRequiredService<TimeProvider>()));
    }

    // A service without Redis knows no tenant, and holds all to the defaults.
    private static QuotaBook Book(IServiceProvider services) => new(
        services.GetService<RegistryRedis>() is null ? (_, _) => Task.FromResult<TenantRecord?>(null) : services.GetRequiredService<TenantStore>().FindAsync,
        services.GetRequiredService<IOptions<QuotaOptions>>(),
        services.GetRequiredService<IOptions<RequestLimits>>(),
        services.GetRequiredService<IOptions<AccessOptions>>(),
        services.GetRequiredService<TimeProvider>());
}
