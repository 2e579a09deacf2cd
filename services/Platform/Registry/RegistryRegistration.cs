using Microsoft.AspNetCore.Builder;
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
        builder.AddRedis();
        builder.Services.AddValidatedOptions<RequestLimits>(RequestLimits.Section);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<ITaskRegistry, RedisTaskRegistry>();
    }
}
