using Grpc.Core;

namespace TaskRes.Services.Tests.Trainer;

internal static class Streams
{
    /// <summary>Sends all and completes; a call that the server ended before says why by its answer.</summary>
    public static async Task SendAsync<T>(IClientStreamWriter<T> stream, IEnumerable<T> messages)
    {
        try
        {
            foreach (var message in messages) await stream.WriteAsync(message, TestContext.Current.CancellationToken);
            await stream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The status arrives with the response.
        }
    }
}
