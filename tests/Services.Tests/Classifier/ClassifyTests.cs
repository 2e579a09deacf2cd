using System.Net.Http.Json;
using System.Text.Json;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Classifier;

public sealed class ClassifyTests : IAsyncLifetime
{
    private static readonly byte[] Photo = TestModel.Image("a_420.jpg");

    private ClassifierUnderTest _classifier = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _classifier = await ClassifierUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _classifier.DisposeAsync();

    [Fact]
    public async Task Classify_LiveRevision_EqualsItsHead()
    {
        var (task, head) = await _classifier.LiveTaskAsync("pets");
        var response = await _classifier.ClassifyAsync(task, Photo);

        var expected = head.TopK(await _classifier.EmbedAsync(Photo), 5);
        Assert.Equal(expected.Select(p => (p.ClassIndex, p.ClassName)), response.Predictions.Select(p => (p.ClassIndex, p.ClassName)));
        Assert.All(expected.Zip(response.Predictions), pair => Assert.Equal(pair.First.Probability, pair.Second.Probability, 1e-5f));
        Assert.Equal((task.ToString(), _classifier.Fingerprint), (response.Task, response.EncoderFingerprint));
        Assert.Equal((await _classifier.Registry.GetServingAsync(task, Cancel)).Live.ToString(), response.Revision);
        Assert.InRange(response.Timings.TotalUs, 1, long.MaxValue);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(1000, 7)]
    public async Task Classify_TopK_IsBoundedByTheClasses(int topK, int answered)
    {
        var (task, _) = await _classifier.LiveTaskAsync("pets");
        Assert.Equal(answered, (await _classifier.ClassifyAsync(task, Photo, topK)).Predictions.Count);
    }

    [Fact]
    public async Task Classify_SecondTime_ComesFromMemory()
    {
        var (task, _) = await _classifier.LiveTaskAsync("pets");
        Assert.Equal(CacheTier.Encoder, (await _classifier.ClassifyAsync(task, Photo)).Tier);
        Assert.Equal(CacheTier.Memory, (await _classifier.ClassifyAsync(task, Photo)).Tier);
    }

    [Fact]
    public async Task Classify_UnknownDigest_AsksForTheBytes()
    {
        var (task, _) = await _classifier.LiveTaskAsync("pets");
        var request = ByDigest(task);
        var refused = await RefusedAsync(request);
        Assert.Equal((StatusCode.NotFound, "IMAGE_BYTES_REQUIRED"), refused);

        await _classifier.ClassifyAsync(task, Photo);
        Assert.Equal(CacheTier.Memory, (await _classifier.Client.ClassifyAsync(request, cancellationToken: Cancel)).Tier);
    }

    [Fact]
    public async Task Classify_AnothersTask_IsAsUnknownAsNone()
    {
        await _classifier.LiveTaskAsync("pets");
        var other = new TenantName("other");
        var theirs = await ErrorAsync(ByDigest(other.Task("pets")));
        var none = await ErrorAsync(ByDigest(other.Task("none")));

        Assert.Equal("TASK_NOT_FOUND", theirs.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
        Assert.Equal(none.StatusCode, theirs.StatusCode);
        Assert.Equal(none.Status.Detail.Replace("none", "pets", StringComparison.Ordinal), theirs.Status.Detail);
    }

    [Fact]
    public async Task Classify_NothingLive_SaysSo()
    {
        var task = await _classifier.CreateTaskAsync("pets");
        Assert.Equal((StatusCode.FailedPrecondition, "NO_LIVE_REVISION"), await RefusedAsync(ClassifierUnderTest.Request(task, Photo)));
    }

    [Fact]
    public async Task Classify_RevisionOfAnotherEncoder_IsRefused()
    {
        var task = await _classifier.CreateTaskAsync("pets");
        var (revision, _) = await _classifier.PublishAsync(task, seed: 1, fingerprint: new string('0', 64));
        await _classifier.Registry.PromoteAsync(revision, expected: null, Cancel);
        Assert.Equal((StatusCode.FailedPrecondition, "ENCODER_MISMATCH"), await RefusedAsync(ClassifierUnderTest.Request(task, Photo)));
    }

    [Fact]
    public async Task Classify_TaskDeleted_IsForgotten()
    {
        var (task, _) = await _classifier.LiveTaskAsync("pets");
        await _classifier.ClassifyAsync(task, Photo);
        await _classifier.Registry.DeleteTaskAsync(task, null, Cancel);

        await Eventually.HoldsAsync(() => _classifier.Resident.Count == 0, "the head is forgotten");
        Assert.Equal((StatusCode.NotFound, "TASK_NOT_FOUND"), await RefusedAsync(ClassifierUnderTest.Request(task, Photo)));
    }

    [Theory]
    [InlineData("tenants/acme", 0, "task")]
    [InlineData("tenants/acme/tasks/pets", -1, "top_k")]
    public async Task Classify_BadField_IsNamed(string task, int topK, string field)
    {
        var request = new ClassifyRequest { Task = task, TopK = topK, Image = new Image { Content = ByteString.CopyFrom(Photo) } };
        var refused = await ErrorAsync(request);
        Assert.Equal(field, Assert.Single(refused.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field);
    }

    [Fact]
    public async Task Classify_ByJson_AnswersTheSame()
    {
        var (task, _) = await _classifier.LiveTaskAsync("pets");
        var expected = await _classifier.ClassifyAsync(task, Photo, topK: 1);

        using var http = new HttpClient { BaseAddress = _classifier.Service.Endpoints.Web };
        var reply = await http.PostAsJsonAsync($"/v1/{task}:classify", new { image = new { content = Convert.ToBase64String(Photo) }, topK = 1 }, Cancel);
        var json = await reply.Content.ReadFromJsonAsync<JsonElement>(Cancel);

        Assert.True(reply.IsSuccessStatusCode, json.ToString());
        Assert.Equal(expected.Revision, json.GetProperty("revision").GetString());
        Assert.Equal(expected.Predictions[0].ClassName, json.GetProperty("predictions")[0].GetProperty("className").GetString());
    }

    [Fact]
    public async Task ClassifyStream_GoodAndBadItemsMixed_EachHasItsAnswer()
    {
        const int Items = 200;
        var (task, _) = await _classifier.LiveTaskAsync("pets");
        using var call = _classifier.Client.ClassifyStream(cancellationToken: Cancel);
        var reading = Task.Run(async () => await call.ResponseStream.ReadAllAsync(Cancel).ToDictionaryAsync(answer => answer.Sequence, cancellationToken: Cancel), Cancel);
        for (var i = 0; i < Items; i++) await call.RequestStream.WriteAsync(new ClassifyStreamRequest { Sequence = i, Request = Item(task, i) }, Cancel);
        await call.RequestStream.CompleteAsync();
        var answers = await reading;

        Assert.Equal(Items, answers.Count);
        Assert.All(answers, answer => Assert.Equal(Expected((int)answer.Key), answer.Value.Error?.Reason));
    }

    private static V1.ErrorReason? Expected(int i) => (i % 10) switch
    {
        3 => V1.ErrorReason.InvalidField,
        5 => V1.ErrorReason.ImageUnreadable,
        7 => V1.ErrorReason.TaskNotFound,
        _ => null,
    };

    private static ClassifyRequest? Item(TaskName task, int i) => (i % 10) switch
    {
        3 => null,
        5 => ClassifierUnderTest.Request(task, [1, 2, 3]),
        7 => ClassifierUnderTest.Request(task.Tenant.Task("none"), Photo),
        _ => ClassifierUnderTest.Request(task, TestModel.Bitmap(6, 6, i * 7919)),
    };

    private static ClassifyRequest ByDigest(TaskName task) => new()
    {
        Task = task.ToString(),
        Image = new Image { Sha256 = ByteString.CopyFrom(Sha256Digest.Of(Photo).ToBytes()) },
    };

    private Task<RpcException> ErrorAsync(ClassifyRequest request) =>
        Assert.ThrowsAsync<RpcException>(() => _classifier.Client.ClassifyAsync(request, cancellationToken: Cancel).ResponseAsync);

    private async Task<(StatusCode, string)> RefusedAsync(ClassifyRequest request)
    {
        var error = await ErrorAsync(request);
        return (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
    }
}
