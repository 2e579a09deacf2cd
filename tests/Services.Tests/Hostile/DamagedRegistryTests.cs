using System.Text;
using Google.Protobuf;
using Grpc.Core;
using StackExchange.Redis;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Platform.Access;
using TaskRes.Services.Tests.Trainer;
using TaskRes.Tests;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Hostile;

/// <summary>What lies in the registry, damaged by a seed: calls that read it are answered rightly, or refused with a reason; nothing damaged is served.</summary>
public sealed class DamagedRegistryTests
{
    private const int DamagesPerValue = 12;
    private const int Seed = 815;

    private static readonly StatusCode[] FaultsOfTheService = [StatusCode.Unknown, StatusCode.Internal];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnyCall_OnADamagedValue_IsAnsweredAsBeforeOrRefused()
    {
        await using var suite = await GuardedSuite.StartAsync(("Classifier:MaxTasks", "1"));
        var (tenant, key) = await suite.TenantAsync("acme");
        var task = await suite.TaskAsync(tenant, key);
        var spare = await suite.TaskAsync(tenant, key, "spare");
        await AddAsync(suite, key, task);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(suite.Redis.ConnectionString);
        var database = redis.GetDatabase();
        var random = new Random(Seed);
        var (answered, refused) = (0, 0);
        var expected = await AskAsync(suite, key, task, spare);

        foreach (var name in await ValuesAsync(redis, ":task:some"))
            for (var i = 0; i < DamagesPerValue; i++)
            {
                var value = (byte[])(await database.StringGetAsync(name))!;
                var damaged = Mutations.Of(value, random);
                if (damaged.AsSpan().SequenceEqual(value)) continue;
                await database.StringSetAsync(name, damaged);
                foreach (var (call, answer) in await AskAsync(suite, key, task, spare))
                {
                    Assert.False(FaultsOfTheService.Contains(answer.Status), $"{call} with {name} damaged: {answer.Status} {answer.Text}");
                    if (answer.Status == StatusCode.OK) Assert.Equal(expected[call].Text, answer.Text);
                    if (answer.Status == StatusCode.OK) answered++;
                    else refused++;
                }

                await database.StringSetAsync(name, value);
            }

        Assert.True(refused > 50 && answered > 50, $"{answered} answered, {refused} refused");
        Assert.Equal(expected, await AskAsync(suite, key, task, spare));
    }

    private static async Task<Dictionary<string, (StatusCode Status, string Text)>> AskAsync(GuardedSuite suite, string key, string task, string spare)
    {
        var classifier = new ClassifierService.ClassifierServiceClient(suite.Service.Channel);
        // The classifier has room for one head: another task's makes it read the damaged one anew.
        await AskAsync(() => classifier.ClassifyAsync(Request(spare), GuardedSuite.As(key)));
        return new Dictionary<string, (StatusCode, string)>
        {
            ["GetTask"] = await AskAsync(() => suite.Trainer.GetTaskAsync(new GetTaskRequest { Name = task }, GuardedSuite.As(key))),
            ["ListTasks"] = await AskAsync(() => suite.Trainer.ListTasksAsync(new ListTasksRequest { Parent = task[..task.IndexOf("/tasks", StringComparison.Ordinal)] }, GuardedSuite.As(key))),
            ["ListRevisions"] = await AskAsync(() => suite.Trainer.ListRevisionsAsync(new ListRevisionsRequest { Parent = task }, GuardedSuite.As(key))),
            ["Classify"] = await AskAsync(() => classifier.ClassifyAsync(Request(task), GuardedSuite.As(key))),
        };
    }

    private static async Task<(StatusCode Status, string Text)> AskAsync<T>(Func<AsyncUnaryCall<T>> call)
        where T : IMessage
    {
        try
        {
            IMessage answer = await call();
            return (StatusCode.OK, answer is ClassifyResponse classified ? $"{classified.Revision} {classified.Predictions}" : $"{answer}");
        }
        catch (RpcException exception)
        {
            return (exception.StatusCode, exception.Status.Detail);
        }
    }

    private static ClassifyRequest Request(string task) => new() { Task = task, Image = new Image { Content = ByteString.CopyFrom(TestModel.Bitmap(8, 8, 0xff0000)) } };

    private static async Task AddAsync(GuardedSuite suite, string key, string task)
    {
        using var call = suite.Trainer.AddExamples(GuardedSuite.As(key));
        await Streams.SendAsync(
            call.RequestStream,
            [new AddExamplesRequest { Header = new AddExamplesHeader { Task = task } }, new AddExamplesRequest { Example = TrainerUnderTest.Shot("red", 0) }, new AddExamplesRequest { Example = TrainerUnderTest.Shot("green", 1) }]);
        Assert.Equal(2, (await call).Added);
    }

    // Strings alone: what is in lists and sets are plain identifiers.
    private static async Task<List<RedisKey>> ValuesAsync(IConnectionMultiplexer redis, string part)
    {
        var names = new List<RedisKey>();
        await foreach (var name in redis.GetServers()[0].KeysAsync(pattern: $"*{part}*"))
            if (await redis.GetDatabase().KeyTypeAsync(name) == RedisType.String) names.Add(name);
        Assert.True(names.Count >= 3, string.Join(", ", names));
        return [.. names.OrderBy(name => Encoding.UTF8.GetString((byte[])name!), StringComparer.Ordinal)];
    }
}
