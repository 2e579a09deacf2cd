using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace TaskRes.Client;

/// <summary>Puts a client into a container.</summary>
public static class TaskResClientRegistration
{
    /// <summary>Registers one <see cref="TaskResClient"/> for the whole program; the container disposes it.</summary>
    /// <param name="services">The container's registrations.</param>
    /// <param name="options">Where the server is and for whom the client speaks; asked for once, when the client is first needed.</param>
    public static IServiceCollection AddTaskResClient(this IServiceCollection services, Func<IServiceProvider, TaskResClientOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(provider => new TaskResClient(options(provider)));
        return services;
    }
}
