using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using TaskRes.Platform.Resources;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Benchmarks.Serving;

/// <summary>Classify by digest, 64 in flight, images and tasks in a random order.</summary>
internal sealed class ClassifyLoad(GrpcChannel channel, Metadata headers, IReadOnlyList<TaskName> tasks)
{
    private const int InFlight = 64;
    private const int Images = 1000;

    private static readonly byte[][] Contents = [.. Enumerable.Range(0, Images).Select(BitConverter.GetBytes)];
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    private readonly ClassifierService.ClassifierServiceClient _client = new(channel);
    private readonly CallOptions _options = new(headers);

    /// <summary>Sends each image once, so that its embedding is known.</summary>
    public Task LearnAsync() => Parallel.ForEachAsync(Contents, async (content, _) =>
        await _client.ClassifyAsync(new ClassifyRequest { Task = $"{tasks[0]}", Image = new Image { Content = ByteString.CopyFrom(content) } }, _options));

    /// <summary>Calls in a second.</summary>
    public Task<double> RunAsync()
    {
        ClassifyRequest[] requests = [.. Enumerable.Range(0, Math.Max(Images, tasks.Count)).Select(Request)];
        Random.Shared.Shuffle(requests);
        return ClosedLoop.RunAsync(InFlight, Duration, async number => await _client.ClassifyAsync(requests[number % requests.Length], _options));
    }

    private ClassifyRequest Request(int number) => new()
    {
        Task = $"{tasks[number % tasks.Count]}",
        Image = new Image { Sha256 = ByteString.CopyFrom(SHA256.HashData(Contents[number % Images])) },
    };
}
