using System.Net;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Platform.Hosting;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;
using HealthClient = Grpc.Health.V1.Health.HealthClient;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Platform.Hosting;

public sealed class TaskResDefaultsTests
{
    private readonly ScriptedEncoder encoder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnaryAndStream_DomainError_SameStatusWithDetails()
    {
        await using var host = await StartAsync();
        encoder.Before = _ => throw TaskResException.Invalid("texts[3]", "it is empty.");
        var client = new EncoderService.EncoderServiceClient(host.Channel);
        using var stream = client.EncodeStream(cancellationToken: Token);
        RpcException[] errors =
        [
            await Assert.ThrowsAsync<RpcException>(async () => await client.GetModelAsync(new GetModelRequest(), cancellationToken: Token)),
            await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(Token)),
        ];
        foreach (var error in errors)
        {
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            Assert.Equal("INVALID_FIELD", error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason);
            Assert.Equal("texts[3]", error.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations[0].Field);
        }
    }

    [Fact]
    public async Task Unary_UnexpectedException_InternalWithoutItsMessage()
    {
        await using var host = await StartAsync();
        encoder.Before = _ => throw new InvalidOperationException("secret of the driver");
        var error = await GetModelErrorAsync(host);
        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(error.GetRpcStatus()!.GetDetail<ErrorInfo>().Metadata["trace_id"]);
    }

    [Fact]
    public async Task Unary_RedisFails_RegistryUnavailableWithoutItsMessage()
    {
        await using var host = await StartAsync();
        encoder.Before = _ => throw new TimeoutException("secret of the driver");
        var error = await GetModelErrorAsync(host);
        Assert.Equal((StatusCode.Unavailable, "REGISTRY_UNAVAILABLE"), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason));
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Web_JsonHealthAndMetrics_Answer()
    {
        await using var host = await StartAsync();
        Assert.Contains("\"fingerprint\"", await host.Web.GetStringAsync(new Uri("/v1/model", UriKind.Relative), Token), StringComparison.Ordinal);
        Assert.Contains("\"status\":\"ready\"", await host.Web.GetStringAsync(new Uri("/health", UriKind.Relative), Token), StringComparison.Ordinal);
        var metrics = await host.Web.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token);
        Assert.Contains("taskres_rpc_duration_seconds_count", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_OneCheckFails_OnlyTheServicesOfItsTagDoNotServe()
    {
        await using var host = await StartAsync(builder =>
        {
            builder.Services.AddHealthChecks().AddCheck("broken", () => Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult.Unhealthy(), tags: [HealthTags.Registry]);
            builder.AddServiceHealth("needs.registry", HealthTags.Registry);
            builder.AddServiceHealth("needs.encoder", HealthTags.Encoder);
        });
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(host, "needs.registry"));
        Assert.Equal(ServingStatus.Serving, await CheckAsync(host, "needs.encoder"));
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(host, ""));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Web.GetAsync(new Uri("/health", UriKind.Relative), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Web.GetAsync(new Uri("/health/live", UriKind.Relative), Token)).StatusCode);
    }

    [Fact]
    public async Task Stop_CallInFlightAndWatchOpen_HealthFirstThenTheCallFinishes()
    {
        await using var host = await StartAsync(settings: [("Shutdown:DrainSeconds", "1"), ("Shutdown:TimeoutSeconds", "20")]);
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        encoder.Before = _ =>
        {
            entered.TrySetResult();
            return gate.Task;
        };
        using var inFlight = new EncoderService.EncoderServiceClient(host.Channel).GetModelAsync(new GetModelRequest(), cancellationToken: Token);
        await entered.Task.WaitAsync(Token);
        using var watch = new HealthClient(host.Channel).Watch(new HealthCheckRequest(), cancellationToken: Token);
        Assert.True(await watch.ResponseStream.MoveNext(Token));
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);

        host.App.Lifetime.StopApplication();
        var stopping = host.App.StopAsync(Token);
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(host, ""));
        var last = ServingStatus.Unknown;
        await foreach (var change in watch.ResponseStream.ReadAllAsync(Token)) last = change.Status;
        Assert.Equal(ServingStatus.NotServing, last);
        Assert.False(stopping.IsCompleted);
        gate.SetResult();
        Assert.Equal("f00d", (await inFlight).Model.Fingerprint);
        await stopping;
    }

    [Theory]
    [InlineData("Endpoints:GrpcPort", "70000")]
    [InlineData("Endpoints:Address", "localhost")]
    [InlineData("Limits:MaxClasses", "1")]
    [InlineData("Shutdown:TimeoutSeconds", "-1")]
    public async Task Start_OptionOutOfRange_FailsNamingSectionAndField(string key, string value)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(settings: [(key, value)]));
        Assert.Contains(key, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SettingThatDoesNotExist_FailsNamingIt()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(settings: [("Limits:MaxClases", "5")]));
        Assert.Contains("MaxClases", exception.Message, StringComparison.Ordinal);
    }

    private Task<TestHost> StartAsync(Action<WebApplicationBuilder>? add = null, params (string, string)[] settings) => TestHost.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton(encoder);
            add?.Invoke(builder);
        },
        app => app.MapGrpcService<ScriptedEncoder>(),
        settings);

    private static async Task<RpcException> GetModelErrorAsync(TestHost host) => await Assert.ThrowsAsync<RpcException>(async () =>
        await new EncoderService.EncoderServiceClient(host.Channel).GetModelAsync(new GetModelRequest(), cancellationToken: Token));

    private static async Task<ServingStatus> CheckAsync(TestHost host, string service) =>
        (await new HealthClient(host.Channel).CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: Token)).Status;
}
