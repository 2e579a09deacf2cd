using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Faults;

public sealed class FullDiskTests : IDisposable
{
    // The append-only file comes to it after some tens of tasks.
    private const int Kibibytes = 1024;
    private const string Tenant = "tenants/default";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly string _folder = Directory.CreateTempSubdirectory("taskres-full-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EmbeddedRegistry_DiskFull_AcknowledgesNothingThatIsNotKept()
    {
        var acknowledged = new List<string>();
        using (var suite = ServiceProcess.WithFilesUpTo(Kibibytes, "TaskRes.AllInOne", Settings))
        {
            using var channel = await ConnectAsync(suite);
            var refused = await Assert.ThrowsAsync<RpcException>(() => CreateTasksAsync(new TrainerService.TrainerServiceClient(channel), acknowledged));
            Assert.Equal("REGISTRY_UNAVAILABLE", refused.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason);
            suite.Kill();
        }

        Assert.NotEmpty(acknowledged);
        using var after = new ServiceProcess("TaskRes.AllInOne", Settings);
        using var reconnected = await ConnectAsync(after);
        var trainer = new TrainerService.TrainerServiceClient(reconnected);
        foreach (var name in acknowledged) Assert.NotEqual("", (await trainer.GetTaskAsync(new GetTaskRequest { Name = name }, cancellationToken: Cancel)).Task.LiveRevision);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] Settings =>
        [$"--Storage:Folder={_folder}", $"--Model:Path={TestModel.Path}", "--Model:Device=cpu", "--Model:Precision=fp32", "--Redis:RegistryTimeout=00:00:01"];

    private static async Task<GrpcChannel> ConnectAsync(ServiceProcess suite)
    {
        var channel = GrpcChannel.ForAddress(await suite.GrpcAsync(StartLimit));
        var encoder = new EncoderService.EncoderServiceClient(channel);
        await Eventually.HoldsAsync(() => IsLoadedAsync(encoder), "the model is loaded", StartLimit);
        return channel;
    }

    private static async Task CreateTasksAsync(TrainerService.TrainerServiceClient trainer, List<string> acknowledged)
    {
        for (var i = 0; i < 1000; i++)
        {
            var task = new V1.Task { ClassNames = { Enumerable.Range(0, 100).Select(index => $"class {index}") } };
            var request = new CreateTaskRequest { Parent = Tenant, TaskId = $"t{i}", Task = task };
            acknowledged.Add((await trainer.CreateTaskAsync(request, cancellationToken: Cancel)).Task.Name);
        }
    }

    private static async Task<bool> IsLoadedAsync(EncoderService.EncoderServiceClient encoder)
    {
        try
        {
            await encoder.GetModelAsync(new GetModelRequest(), cancellationToken: Cancel);
            return true;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }
}
