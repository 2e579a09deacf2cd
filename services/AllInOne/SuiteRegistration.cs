using Microsoft.Extensions.Options;
using TaskRes.AllInOne.Dashboard;
using TaskRes.Classifier;
using TaskRes.Encoder;
using TaskRes.Platform.Access;
using TaskRes.Platform.Hosting;
using TaskRes.Platform.Redis;
using TaskRes.Trainer;

namespace TaskRes.AllInOne;

/// <summary>The three services and the dashboard in one process, with both Redis roles embedded.</summary>
public static class SuiteRegistration
{
    public static WebApplicationBuilder AddSuite(this WebApplicationBuilder builder)
    {
        builder.AddTaskResDefaults("all-in-one");
        builder.AddEmbeddedServers();
        builder.AddKeys();
        return builder.AddEncoder().AddTrainer().AddClassifier().AddDashboard();
    }

    public static WebApplication MapSuite(this WebApplication app)
    {
        StorageMetrics.Observe(app.Services.GetRequiredService<IOptions<SuiteStorageOptions>>().Value.Folder);
        return app.MapTaskResDefaults().MapEncoder().MapTrainer().MapClassifier().MapDashboard();
    }

    private static void AddKeys(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SuiteKeys>();
        builder.Services.AddOptions<AccessOptions>().PostConfigure<SuiteKeys>((access, keys) =>
        {
            if (access.AdminKey.Length == 0) access.AdminKey = keys.Admin;
            if (access.ServiceKey.Length == 0) access.ServiceKey = keys.Service;
        });
        builder.Services.AddHostedService<DefaultTenant>();
    }

    private static void AddEmbeddedServers(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<SuiteStorageOptions>(SuiteStorageOptions.Section);
        builder.Services.AddSingleton<EmbeddedServers>();
        // Garnet warns of each start that it logs where its host does.
        builder.Logging.AddFilter("ArgParser", LogLevel.Error);
        // Where the cache is slow here, the cores are busy, and to encode again would keep them so. Settings still win.
        builder.Services.Configure<RedisOptions>(redis => redis.CacheTimeout = TimeSpan.FromSeconds(2));
        builder.AddRedis();
        builder.Services.AddOptions<RedisOptions>().PostConfigure<EmbeddedServers>((redis, servers) =>
        {
            (redis.Registry, redis.Cache) = (servers.Registry.ConnectionString, servers.Cache.ConnectionString);
            // The embedded registry is started durable, and has no CONFIG to say so.
            redis.RequireDurableRegistry = false;
        });
    }
}
