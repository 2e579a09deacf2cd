using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Benchmarks.Serving;

/// <summary>Classify by digest, images and tasks in turn.</summary>
internal sealed class ClassifyLoad(GrpcChannel channel, Metadata headers, int images, int tasks)
{
    private const int InFlight = 64;

    private readonly ClassifierService.ClassifierServiceClient _client = new(channel);
    private readonly CallOptions _options = new(headers);
    private readonly byte[][] _contents = [.. Enumerable.Range(0, images).Select(BitConverter.GetBytes)];

    /// <summary>Sends each image once, so that its embedding is known.</summary>
    public Task WarmUpAsync() => Parallel.ForEachAsync(_contents, async (content, _) =>
        await _client.ClassifyAsync(new ClassifyRequest { Task = $"{SyntheticTasks.Name(0)}", Image = new Image { Content = ByteString.CopyFrom(content) } }, _options));

    /// <summary>Calls in a second.</summary>
    public Task<double> RunAsync(TimeSpan duration)
    {
        ClassifyRequest[] requests = [.. Enumerable.Range(0, Math.Max(_contents.Length, tasks)).Select(Request)];
        Random.Shared.Shuffle(requests);
        return ClosedLoop.RunAsync(InFlight, duration, async number => await _client.ClassifyAsync(requests[number % requests.Length], _options));
    }

    private ClassifyRequest Request(int number) => new()
    {
        Task = $"{SyntheticTasks.Name(number % tasks)}",
        Image = new Image { Sha256 = ByteString.CopyFrom(SHA256.HashData(_contents[number % _contents.Length])) },
    };
}
