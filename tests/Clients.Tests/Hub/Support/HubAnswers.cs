using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace TaskRes.Clients.Tests.Hub.Support;

internal delegate Task HubAnswer(HttpContext context);

/// <summary>What a server may answer, the usual and the faulty.</summary>
internal static class HubAnswers
{
    /// <summary>A file, whole or from where the request's range says.</summary>
    public static HubAnswer Bytes(byte[] content) => context => Results.Bytes(content, "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context);

    /// <summary>A file from its beginning, whatever the range.</summary>
    public static HubAnswer WholeBytes(byte[] content) => context => Results.Bytes(content, "application/octet-stream").ExecuteAsync(context);

    public static HubAnswer Json(object value) => context =>
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(value));
    };

    public static HubAnswer Text(string text) => context => context.Response.WriteAsync(text, Encoding.UTF8);

    public static HubAnswer Redirect(Uri address) => context =>
    {
        context.Response.Redirect(address.AbsoluteUri);
        return Task.CompletedTask;
    };

    public static HubAnswer Status(int status, int? retryAfterSeconds = null) => context =>
    {
        context.Response.StatusCode = status;
        if (retryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    };

    /// <summary>The first bytes of a file, then a connection that breaks once they have arrived.</summary>
    public static HubAnswer CutAfter(byte[] content, int length, Task arrived) => async context =>
    {
        await BeginAsync(context, content, length);
        await arrived;
        context.Abort();
    };

    /// <summary>The first bytes of a file, then none until the task is done; then the rest.</summary>
    public static HubAnswer PauseAfter(byte[] content, int length, Task resume) => async context =>
    {
        await BeginAsync(context, content, length);
        await resume.WaitAsync(context.RequestAborted);
        await context.Response.Body.WriteAsync(content.AsMemory(length), context.RequestAborted);
    };

    private static async Task BeginAsync(HttpContext context, byte[] content, int length)
    {
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content.AsMemory(0, length), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
