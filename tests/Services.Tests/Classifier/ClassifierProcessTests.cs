using System.Text.RegularExpressions;
using Grpc.Net.Client;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Classifier;

public sealed partial class ClassifierProcessTests
{
    [Fact]
    public async Task Classify_InItsOwnProcess_NeverLoadsLibtorch()
    {
        await using var other = await ClassifierUnderTest.StartAsync();
        var (task, _) = await other.LiveTaskAsync("pets");
        using var classifier = new ServiceProcess(
            "TaskRes.Classifier",
            $"--Redis:Cache={other.Redis.ConnectionString}",
            $"--Redis:Registry={other.Redis.ConnectionString}",
            $"--RemoteEncoder:Address={other.Encoder.Service.Endpoints.Grpc}");
        await Eventually.HoldsAsync(() => classifier.Lines.Any(Address().IsMatch), "the classifier tells its address");
        using var channel = GrpcChannel.ForAddress(classifier.Lines.Select(line => Address().Match(line)).First(match => match.Success).Value);

        var request = ClassifierUnderTest.Request(task, TestModel.Image("a_420.jpg"));
        var answer = await new ClassifierService.ClassifierServiceClient(channel).ClassifyAsync(request, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(5, answer.Predictions.Count);
        Assert.DoesNotContain("torch", await File.ReadAllTextAsync($"/proc/{classifier.Id}/maps", TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
