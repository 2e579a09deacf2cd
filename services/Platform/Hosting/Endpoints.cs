using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TaskRes.Platform.Limits;

namespace TaskRes.Platform.Hosting;

/// <summary>Kestrel on the two ports of <see cref="EndpointOptions"/>.</summary>
internal static partial class Endpoints
{
    public static void AddEndpoints(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<EndpointOptions>(EndpointOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<EndpointOptions>, AddressIsAnIp>();
        builder.Services.AddSingleton<BoundEndpoints>();
        builder.Services.AddHostedService<EndpointLog>();
        builder.WebHost.ConfigureKestrel(Configure);
    }

    private static void Configure(KestrelServerOptions kestrel)
    {
        var options = kestrel.ApplicationServices.GetRequiredService<IOptions<EndpointOptions>>().Value;
        kestrel.Limits.MaxRequestBodySize = RequestLimits.MaxJsonBytes;
        kestrel.ApplicationServices.GetRequiredService<BoundEndpoints>().Bind(kestrel, IPAddress.Parse(options.Address), options);
    }

    private sealed class AddressIsAnIp : IValidateOptions<EndpointOptions>
    {
        public ValidateOptionsResult Validate(string? name, EndpointOptions options) => IPAddress.TryParse(options.Address, out _)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{EndpointOptions.Section}:{nameof(options.Address)}: \"{options.Address}\" is not an IP address; give one of this machine's, such as 127.0.0.1 or 0.0.0.0.");
    }

    private sealed partial class EndpointLog(BoundEndpoints endpoints, ILogger<EndpointLog> logger) : IHostedLifecycleService
    {
        public Task StartedAsync(CancellationToken cancellationToken)
        {
            Log.Listening(logger, endpoints.Grpc, endpoints.Web);
            return Task.CompletedTask;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        private static partial class Log
        {
            [LoggerMessage(EventId = 1, EventName = "Listening", Level = LogLevel.Information, Message = "Listening: gRPC at {Grpc}, web at {Web}")]
            public static partial void Listening(ILogger logger, Uri grpc, Uri web);
        }
    }
}
