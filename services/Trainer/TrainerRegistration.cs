using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Hosting;
using TaskRes.Platform.Registry;
using TaskRes.Trainer.Backup;
using TaskRes.Trainer.Examples;
using TaskRes.Trainer.Grpc;
using TaskRes.Trainer.Jobs;
using TaskRes.Trainer.Requests;
using TaskRes.Trainer.Revisions;
using TaskRes.Trainer.Tasks;
using TaskRes.Trainer.Tenants;
using TaskRes.Trainer.Training;
using TaskRes.V1;

namespace TaskRes.Trainer;

/// <summary>The Trainer as a part of a host: its own executable, or the suite in one process.</summary>
public static class TrainerRegistration
{
    public static WebApplicationBuilder AddTrainer(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<TrainerOptions>(TrainerOptions.Section);
        builder.Services.AddValidatedOptions<TextTowerOptions>(TextTowerOptions.Section);
        builder.AddTaskRegistry();
        builder.AddEmbedder();
        AddJobs(builder.Services);
        builder.Services.AddSingleton<Patience>();
        builder.Services.AddSingleton<RequestLog>();
        builder.Services.AddSingleton<TaskCreation>();
        builder.Services.AddSingleton<TaskViews>();
        builder.Services.AddSingleton<ExampleEmbedding>();
        builder.Services.AddSingleton<ExampleIntake>();
        builder.Services.AddSingleton<RevisionTransfer>();
        builder.Services.AddSingleton<DifficultyQuery>();
        builder.Services.AddSingleton<ApiKeys>();
        builder.Services.AddSingleton<LimitViews>();
        builder.Services.AddSingleton<UsageViews>();
        builder.Services.AddSingleton<TenantExport>();
        builder.Services.AddSingleton<TenantImport>();
        builder.Services.AddSingleton<ImportLimits>();
        builder.Services.AddSingleton<TenantTransfer>();
        builder.AddServiceHealth(TrainerService.Descriptor.FullName, HealthTags.Registry);
        builder.AddServiceHealth(TenantService.Descriptor.FullName, HealthTags.Registry);
        return builder;
    }

    public static WebApplication MapTrainer(this WebApplication app)
    {
        app.MapGrpcService<TrainerGrpcService>();
        app.MapGrpcService<TenantGrpcService>();
        return app;
    }

    private static void AddJobs(IServiceCollection services)
    {
        services.AddSingleton<JobStore>();
        services.AddSingleton<JobLeases>();
        services.AddSingleton<JobQueue>();
        services.AddSingleton<JobEvents>();
        services.AddSingleton<JobService>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<FewShotTasks>();
        services.AddSingleton<TextTower>();
        services.AddSingleton<TrainingRun>();
        services.AddHostedService(provider => provider.GetRequiredService<JobEvents>());
        services.AddHostedService<JobWorkers>();
        services.AddHostedService<JobReaper>();
    }
}
