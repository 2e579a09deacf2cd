using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TaskRes.Platform.Hosting;
using TaskRes.Platform.Redis;
using TaskRes.Platform.Usage;

namespace TaskRes.Platform.Quotas;

internal static class QuotaRegistration
{
    public static void AddQuotas(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<QuotaOptions>(QuotaOptions.Section);
        builder.Services.AddSingleton<QuotaBook>();
        builder.Services.AddSingleton<UsageLedger>();
        builder.Services.AddSingleton(services => new RequestGates(
            services.GetRequiredService<QuotaBook>(), services.GetService<CacheRedis>(), services.GetRequiredService<UsageLedger>(), services.GetRequiredService<TimeProvider>()));
    }
}
