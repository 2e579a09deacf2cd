using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TaskRes.Classifier;
using TaskRes.Encoder;
using TaskRes.Platform.Hosting;
using TaskRes.Trainer;

namespace TaskRes.Services.Tests.Deployment;

/// <summary>Whether a service would start with an environment: its own registration says which settings there are.</summary>
internal static class ServiceSettings
{
    private const string Prefix = "TASKRES_";

    private static readonly string[] Telemetry = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"];

    /// <param name="service">encoder, trainer or classifier.</param>
    /// <returns>What is wrong with the environment; empty where nothing is.</returns>
    public static IReadOnlyList<string> Faults(string service, IReadOnlyDictionary<string, string> environment)
    {
        var settings = environment.Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(variable => variable.Key[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal), variable => (string?)variable.Value);
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        Add(service, builder.AddTaskResDefaults(service));
        var sections = builder.Services.Select(registered => SectionOf(registered.ServiceType)).OfType<string>().ToHashSet();
        return [
            .. environment.Keys.Where(name => !name.StartsWith(Prefix, StringComparison.Ordinal) && !Telemetry.Contains(name)).Select(name => $"{name} is no setting"),
            .. settings.Keys.Where(name => !sections.Contains(name.Split(':')[0])).Select(name => $"{name} is of no section that the {service} has"),
            .. Validate(builder),
        ];
    }

    private static void Add(string service, WebApplicationBuilder builder) => _ = service switch
    {
        "encoder" => builder.AddEncoder(),
        "trainer" => builder.AddTrainer(),
        "classifier" => builder.AddClassifier(),
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, "is no service."),
    };

    // The options that are bound to a section name it in a constant.
    private static string? SectionOf(Type service) =>
        service.IsGenericType && service.GetGenericTypeDefinition() == typeof(IConfigureOptions<>)
            ? service.GenericTypeArguments[0].GetField("Section")?.GetRawConstantValue() as string
            : null;

    private static IReadOnlyList<string> Validate(WebApplicationBuilder builder)
    {
        try
        {
            // To build it is to read where it listens.
            using IDisposable app = builder.Build();
            ((WebApplication)app).Services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException or AggregateException)
        {
            return [exception.Message];
        }
    }
}
