using Google.Protobuf;
using StackExchange.Redis;
using TaskRes.Tests;
using TaskRes.Trials.Answers;
using TaskRes.Trials.Processes;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trials.Hostile;

/// <summary>What lies in the registry, damaged: calls that read it are answered rightly or refused; nothing damaged is served.</summary>
internal static class DamagedValues
{
    /// <summary>The id of a second task, which must be there.</summary>
    public const string SpareTask = "spare";

    /// <param name="task">The one whose values are damaged, one after another, and mended again.</param>
    public static async Task TryAsync(
        RestartableProcess redis, HostileCalls calls, string task, int count, Random random, TrialTally tally, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port}");
        var database = connection.GetDatabase();
        var names = new List<RedisKey>();
        await foreach (var name in connection.GetServers()[0].KeysAsync(pattern: $"*:task:{task[(task.LastIndexOf('/') + 1)..]}*").WithCancellation(cancellationToken))
            if (await database.KeyTypeAsync(name) == RedisType.String) names.Add(name);
        var expected = await AskAsync(calls, task, cancellationToken);
        if (names.Count == 0 || expected is null) tally.Fault("there is nothing to damage, or the sound task does not answer");
        for (var i = 0; i < count && names.Count > 0; i++)
        {
            var name = names[i % names.Count];
            var value = (byte[])(await database.StringGetAsync(name))!;
            await database.StringSetAsync(name, Mutations.Of(value, random));
            tally.Count("damagedValues");
            if (await AskAsync(calls, task, cancellationToken) is { } answer && answer != expected) tally.Fault($"{name} damaged: answered {answer} in place of {expected}");
            await database.StringSetAsync(name, value);
        }
    }

    // The classifier has room for one head: another task's makes it read this one's anew.
    private static async Task<string?> AskAsync(HostileCalls calls, string task, CancellationToken cancellationToken)
    {
        foreach (var (method, request) in new (string, IMessage)[] { ("GetTask", new GetTaskRequest { Name = task }), ("ListRevisions", new ListRevisionsRequest { Parent = task }) })
            await calls.SendAsync("values", TrainerService.Descriptor.FindMethodByName(method), [request.ToByteArray()], cancellationToken);
        var classify = ClassifierService.Descriptor.FindMethodByName("Classify");
        var image = new Image { Content = ByteString.CopyFrom(TrialImages.Make(1, seed: 1)[0]) };
        await calls.SendAsync("values", classify, [new ClassifyRequest { Task = $"{task[..(task.LastIndexOf('/') + 1)]}{SpareTask}", Image = image }.ToByteArray()], cancellationToken);
        return await calls.SendAsync("values", classify, [new ClassifyRequest { Task = task, Image = image }.ToByteArray()], cancellationToken) is { } response
            ? ClassifyResponse.Parser.ParseFrom(response) is var answer ? $"{answer.Revision} {answer.Predictions}" : null
            : null;
    }
}
