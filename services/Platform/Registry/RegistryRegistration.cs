using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TaskRes.Platform.Hosting;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Redis;

namespace TaskRes.Platform.Registry;

public static class RegistryRegistration
{
    /// <summary>The <see cref="ITaskRegistry"/>, on the registry role of Redis. Idempotent.</summary>
    public static void AddTaskRegistry(this WebApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(ITaskRegistry))) return;
        builder.AddRedis();
        builder.Services.AddValidatedOptions<RequestLimits>(RequestLimits.Section);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ITaskRegistry, RedisTaskRegistry>();
    }
}
