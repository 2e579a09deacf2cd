using Google.Protobuf;
using Grpc.Core;
using TaskRes.Services.Tests.Support;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Encoder;

public sealed class EncodeStreamTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EncodeStream_GoodAndBadItemsMixed_EachHasItsAnswer()
    {
        await using var encoder = await EncoderUnderTest.StartAsync();
        using var call = encoder.Client.EncodeStream(cancellationToken: Cancel);
        EncodeStreamRequest[] requests = [.. Enumerable.Range(0, 300).Select(Item)];

        var reading = ReadAllAsync(call);
        foreach (var request in requests) await call.RequestStream.WriteAsync(request, Cancel);
        await call.RequestStream.CompleteAsync();
        var answers = (await reading).ToDictionary(answer => answer.Sequence, answer => answer.Result);

        Assert.Equal(requests.Length, answers.Count);
        Assert.All(requests, request => Assert.Equal(IsBad((int)request.Sequence), answers[request.Sequence].ResultCase == EncodeResult.ResultOneofCase.Error));
        Assert.Equal("tenant", answers[5].Error.Field);
        Assert.Equal("image.sha256", answers[7].Error.Field);
    }

    [Fact]
    public async Task EncodeStream_ReaderFarBehind_LosesNothing()
    {
        await using var encoder = await EncoderUnderTest.StartAsync(gate: null, ("Encoder:MaxStreamItems", "4"));
        using var call = encoder.Client.EncodeStream(cancellationToken: Cancel);
        const int Items = 2000;

        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Items; i++) await call.RequestStream.WriteAsync(Text(i), Cancel);
            await call.RequestStream.CompleteAsync();
        }, Cancel);
        var answers = await ReadAllAsync(call);
        await writing;

        Assert.Equal(Enumerable.Range(0, Items).Select(i => (long)i), answers.Select(answer => answer.Sequence));
    }

    [Fact]
    public async Task EncodeStream_Cancelled_FreesItsSlotsAndTheEncoderGoesOn()
    {
        using var gate = new PassGate();
        await using var encoder = await EncoderUnderTest.StartAsync(gate);
        using var cancel = new CancellationTokenSource();
        using var call = encoder.Client.EncodeStream(cancellationToken: cancel.Token);

        gate.Close();
        for (var i = 0; i < 8; i++) await call.RequestStream.WriteAsync(Text(i), Cancel);
        await Eventually.HoldsAsync(() => encoder.Waiting == 8, "all items wait");
        await cancel.CancelAsync();
        var ended = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancel));
        gate.Open();

        Assert.Equal(StatusCode.Cancelled, ended.StatusCode);
        await Eventually.HoldsAsync(() => encoder.Waiting == 0, "the slots are free");
        Assert.True(await encoder.IsServingAsync());
    }

    [Fact]
    public async Task EncodeStream_ServiceStops_AnswersWhatItReadAndSaysSo()
    {
        using var gate = new PassGate();
        await using var encoder = await EncoderUnderTest.StartAsync(gate);
        using var call = encoder.Client.EncodeStream(cancellationToken: Cancel);

        gate.Close();
        for (var i = 0; i < 3; i++) await call.RequestStream.WriteAsync(Text(i), Cancel);
        await Eventually.HoldsAsync(() => encoder.Waiting == 3, "all items wait");
        var stopping = encoder.Service.StopAsync();
        gate.Open();

        for (var i = 0; i < 3; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext(Cancel));
            Assert.NotNull(call.ResponseStream.Current.Result.Embedding);
        }

        var ended = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancel));
        Assert.Equal(StatusCode.Unavailable, ended.StatusCode);
        await stopping;
    }

    [Theory]
    [InlineData(ReplyOrder.Unspecified)]
    [InlineData(ReplyOrder.OfRequests)]
    [InlineData(ReplyOrder.AsReady)]
    public async Task EncodeStream_OneItemSlow_OthersOvertakeItWhereTheClientSaysSo(ReplyOrder order)
    {
        using var gate = new PassGate();
        await using var encoder = await EncoderUnderTest.StartAsync(gate);
        await encoder.Client.EncodeTextsAsync(new EncodeTextsRequest { Tenant = EncoderUnderTest.Tenant, Texts = { "text number 1" } }, cancellationToken: Cancel);
        using var call = encoder.Client.EncodeStream(cancellationToken: Cancel);
        var first = Text(0);
        first.Order = order;

        gate.Close();
        await call.RequestStream.WriteAsync(first, Cancel);
        await Eventually.HoldsAsync(() => encoder.Waiting == 1, "the first is under way");
        await call.RequestStream.WriteAsync(Text(1), Cancel);
        await call.RequestStream.CompleteAsync();
        // The gate is closed: what is cached cannot but come first.
        if (order != ReplyOrder.AsReady) gate.Open();
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        Assert.Equal(order == ReplyOrder.AsReady ? 1 : 0, call.ResponseStream.Current.Sequence);
        gate.Open();

        Assert.Single(await ReadAllAsync(call));
    }

    [Fact]
    public async Task EncodeStream_QueueFull_WaitsForRoom()
    {
        using var gate = new PassGate();
        await using var encoder = await EncoderUnderTest.StartAsync(gate, ("Encoder:QueueCapacity", "6"));
        using var call = encoder.Client.EncodeStream(cancellationToken: Cancel);
        const int Items = 40;

        gate.Close();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Items; i++) await call.RequestStream.WriteAsync(Text(i), Cancel);
            await call.RequestStream.CompleteAsync();
        }, Cancel);
        await Eventually.HoldsAsync(() => encoder.Waiting == 4, "the tenant's part of the queue is full");
        gate.Open();

        Assert.All(await ReadAllAsync(call), answer => Assert.NotNull(answer.Result.Embedding));
        await writing;
    }

    private static bool IsBad(int i) => i is 5 || i % 10 == 7 || i % 50 == 3;

    private static EncodeStreamRequest Item(int i)
    {
        var request = i % 2 == 0
            ? Text(i)
            : new EncodeStreamRequest { Tenant = EncoderUnderTest.Tenant, Sequence = i, Image = new Image { Content = ByteString.CopyFrom(TestModel.Bitmap(8, 8, i * 7919)) } };
        if (i == 5) request.Tenant = "tenants/other";
        if (i % 10 == 7) request.Image = new Image { Sha256 = ByteString.CopyFrom(1, 2) };
        if (i % 50 == 3) request.Image = new Image { Content = ByteString.CopyFrom(0xFF, 0xD8, 0xFF) };
        return request;
    }

    private static EncodeStreamRequest Text(int i) => new() { Tenant = EncoderUnderTest.Tenant, Sequence = i, Text = $"text number {i}" };

    private static async Task<List<EncodeStreamResponse>> ReadAllAsync(AsyncDuplexStreamingCall<EncodeStreamRequest, EncodeStreamResponse> call)
    {
        var answers = new List<EncodeStreamResponse>();
        await foreach (var answer in call.ResponseStream.ReadAllAsync(Cancel)) answers.Add(answer);
        return answers;
    }
}
