using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TaskRes.Platform.Hosting;

namespace TaskRes.Services.Tests.Support;

/// <summary>A service in this process on free ports, made of the defaults and what the test adds.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private TestHost(WebApplication app)
    {
        App = app;
        var endpoints = app.Services.GetRequiredService<BoundEndpoints>();
        Channel = GrpcChannel.ForAddress(endpoints.Grpc);
        Web = new HttpClient { BaseAddress = endpoints.Web };
    }

    public WebApplication App { get; }

    public GrpcChannel Channel { get; }

    public HttpClient Web { get; }

    /// <param name="settings">Such as ("Limits:MaxClasses", "5").</param>
    public static async Task<TestHost> StartAsync(Action<WebApplicationBuilder>? add = null, Action<WebApplication>? map = null, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        (string, string)[] defaults = [("Endpoints:GrpcPort", "0"), ("Endpoints:WebPort", "0"), ("Logging:LogLevel:Default", "None"), ("Access:Mode", "Off")];
        builder.Configuration.AddInMemoryCollection([.. settings.Concat(defaults).DistinctBy(setting => setting.Item1).Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2))]);
        builder.AddTaskResDefaults("test");
        add?.Invoke(builder);
        var app = builder.Build();
        app.MapTaskResDefaults();
        map?.Invoke(app);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new TestHost(app);
    }

    public async ValueTask DisposeAsync()
    {
        Web.Dispose();
        Channel.Dispose();
        await App.DisposeAsync();
    }
}
