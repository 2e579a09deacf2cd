using TaskRes.AllInOne;
using TaskRes.Client;
using TaskRes.Core;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Cli.Server;

/// <summary>The suite in this process. It stops by its token, by a signal, when it is disposed, or where its model does not load.</summary>
internal sealed class LocalSuite : IAsyncDisposable
{
    private static readonly TimeSpan ReadinessPeriod = TimeSpan.FromMilliseconds(100);

    private readonly Suite _suite;
    private readonly CancellationTokenSource _stop;

    private LocalSuite(Suite suite, CancellationTokenSource stop) =>
        (_suite, _stop, Stopped) = (suite, stop, suite.WaitForStopAsync(stop.Token));

    /// <summary>Where gRPC is spoken.</summary>
    public Uri Grpc => _suite.Grpc;

    /// <summary>Where JSON is spoken over HTTP.</summary>
    public Uri Web => _suite.Web;

    /// <summary>The operator's key.</summary>
    public string AdminKey => _suite.AdminKey;

    /// <summary>Done once the suite has stopped, whatever for.</summary>
    public Task Stopped { get; }

    /// <exception cref="TaskResException">Conflict, where another process has the data folder.</exception>
    public static async Task<LocalSuite> StartAsync(SuiteOptions options, CancellationToken cancellationToken)
    {
        var suite = await Suite.StartAsync(options, builder => builder.LogToStderr(), cancellationToken);
        return new LocalSuite(suite, CancellationTokenSource.CreateLinkedTokenSource(cancellationToken));
    }

    public static TaskResException StoppedByItself() =>
        new(Core.ErrorReason.EncoderUnavailable, "The suite has stopped by itself; the line before says why.");

    /// <summary>Waits until the suite serves.</summary>
    /// <returns>What it serves; null where it stops before.</returns>
    public async Task<Model?> ReadyAsync()
    {
        using var client = new TaskResClient(new TaskResClientOptions { Address = Grpc, ApiKey = AdminKey, MaxAttempts = 1 });
        while (!Stopped.IsCompleted)
        {
            try
            {
                return (await client.Encoding.GetModelAsync(CancellationToken.None)).Model;
            }
            catch (TaskResClientException)
            {
                await Task.WhenAny(Stopped, Task.Delay(ReadinessPeriod, TimeProvider.System, CancellationToken.None));
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Stopped;
        await _suite.DisposeAsync();
        _stop.Dispose();
    }
}
