using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client.Configuration;
using TaskRes.V1;

namespace TaskRes.Client.Calls;

/// <summary>What a channel repeats by itself.</summary>
internal static class ServiceConfigs
{
    private static readonly MethodDescriptor[] Methods =
        [.. new[] { TrainerService.Descriptor, ClassifierService.Descriptor, EncoderService.Descriptor, TenantService.Descriptor }.SelectMany(service => service.Methods)];

    /// <summary>Unary calls and downloads are repeated where the server is unavailable (AIP-194), when it says so, and nothing else is.</summary>
    public static ServiceConfig Of(TaskResClientOptions options)
    {
        var config = new ServiceConfig { LoadBalancingConfigs = { new RoundRobinConfig() } };
        if (options.MaxAttempts == 1) return config;

        config.MethodConfigs.Add(new MethodConfig
        {
            Names = { MethodName.Default },
            RetryPolicy = new RetryPolicy
            {
                MaxAttempts = options.MaxAttempts,
                InitialBackoff = TimeSpan.FromMilliseconds(100),
                MaxBackoff = TimeSpan.FromSeconds(2),
                BackoffMultiplier = 2,
                RetryableStatusCodes = { StatusCode.Unavailable },
            },
        });

        // An upload would be kept in memory as a whole to be repeated. A download is repeated until its first message.
        config.MethodConfigs.Add(For(Methods.Where(method => method.IsClientStreaming || GivesSecret(method))));
        if (options.HedgingDelay is { } delay)
        {
            var hedged = For(Methods.Where(ChangesNothing));
            hedged.HedgingPolicy = new HedgingPolicy { MaxAttempts = options.MaxAttempts, HedgingDelay = delay, NonFatalStatusCodes = { StatusCode.Unavailable } };
            config.MethodConfigs.Add(hedged);
        }

        return config;
    }

    // The services keep no secret, so that they cannot answer a repetition with the first one: a key that nobody knows would be
    // made, or the secret that was just given would end.
    private static bool GivesSecret(MethodDescriptor method) => method.OutputType.FindFieldByName("secret") is not null;

    private static bool ChangesNothing(MethodDescriptor method) =>
        !method.IsClientStreaming && !method.IsServerStreaming
        && method.GetOptions()?.GetExtension(AccessExtensions.Access)?.Permission is Permission.Read or Permission.Classify;

    private static MethodConfig For(IEnumerable<MethodDescriptor> methods)
    {
        var config = new MethodConfig();
        foreach (var method in methods) config.Names.Add(new MethodName { Service = method.Service.FullName, Method = method.Name });
        return config;
    }
}
