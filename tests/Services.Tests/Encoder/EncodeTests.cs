using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using TaskRes.Core.Clip;
using TaskRes.Platform.Embeddings;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Encoder;

public sealed class EncodeTests : IAsyncLifetime
{
    private const float Tolerance = 1e-4f;

    private EncoderUnderTest _encoder = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _encoder = await EncoderUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _encoder.DisposeAsync();

    [Theory]
    [InlineData(EmbeddingFormat.Fp16, 1e-3)]
    [InlineData(EmbeddingFormat.Int8, 1e-2)]
    public async Task EncodeTexts_PackedFormat_IsTheSameButForRounding(EmbeddingFormat format, double tolerance)
    {
        var request = new EncodeTextsRequest { Tenant = EncoderUnderTest.Tenant, Texts = { "a photo of a cat" } };
        var whole = (await _encoder.Client.EncodeTextsAsync(request, cancellationToken: Cancel)).Results[0].Embedding;
        request.Format = format;
        var packed = (await _encoder.Client.EncodeTextsAsync(request, cancellationToken: Cancel)).Results[0].Embedding;

        Assert.Empty(packed.Values);
        var values = format == EmbeddingFormat.Fp16
            ? MemoryMarshal.Cast<byte, Half>(packed.Fp16.Span).ToArray().Select(value => (float)value)
            : packed.Int8.Select(value => (sbyte)value * packed.Scale);
        var largest = whole.Values.Max(Math.Abs);
        Assert.All(whole.Values.Zip(values), pair => Assert.Equal(pair.First, pair.Second, tolerance * largest));
        Assert.Equal(whole.Values.Count, values.Count());
    }

    [Fact]
    public async Task EncodeTexts_UnknownFormatOrPriority_IsRefusedNamingTheField()
    {
        foreach (var (field, request) in new[] { ("format", new EncodeTextsRequest { Format = (EmbeddingFormat)9 }), ("priority", new EncodeTextsRequest { Priority = (Priority)9 }) })
        {
            request.MergeFrom(new EncodeTextsRequest { Tenant = EncoderUnderTest.Tenant, Texts = { "a" } });
            var refused = await Assert.ThrowsAsync<RpcException>(() => _encoder.Client.EncodeTextsAsync(request, cancellationToken: Cancel).ResponseAsync);
            Assert.Equal((StatusCode.InvalidArgument, field), (refused.StatusCode, refused.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations[0].Field));
        }
    }

    [Fact]
    public async Task EncodeImages_GoldenImages_EqualTheEncoderItself()
    {
        var response = await _encoder.Client.EncodeImagesAsync(EncoderUnderTest.Request(TestModel.Images), cancellationToken: Cancel);

        using var clip = TestModel.Load();
        var expected = TestModel.Images.Select(image => Direct(clip, image)).ToArray();
        Assert.Equal(expected.Length, response.Results.Count);
        Assert.All(expected.Zip(response.Results), pair => AssertClose(pair.First, pair.Second.Embedding.Values));
        Assert.Equal(clip.Info.Fingerprint, response.EncoderFingerprint);
        Assert.InRange(response.Timings.BatchSize, 1, expected.Length);
        Assert.InRange(response.Timings.ComputeUs, 1, response.Timings.TotalUs);
    }

    [Fact]
    public async Task EncodeImages_BatchAndSingles_AreEqual()
    {
        var batch = await _encoder.Client.EncodeImagesAsync(EncoderUnderTest.Request(TestModel.Images), cancellationToken: Cancel);
        for (var i = 0; i < TestModel.Images.Count; i++)
        {
            // Another tenant, so that no cache of the first answers.
            var request = EncoderUnderTest.Request(TestModel.Images[i]);
            request.Tenant = "tenants/other";
            var single = await _encoder.Client.EncodeImagesAsync(request, cancellationToken: Cancel);
            AssertClose(batch.Results[i].Embedding.Values, single.Results[0].Embedding.Values);
        }
    }

    [Fact]
    public async Task EncodeImages_SecondTime_ComesFromMemory()
    {
        var request = EncoderUnderTest.Request(TestModel.Image("a_420.jpg"));
        var first = await _encoder.Client.EncodeImagesAsync(request, cancellationToken: Cancel);
        var second = await _encoder.Client.EncodeImagesAsync(request, cancellationToken: Cancel);

        Assert.Equal(CacheTier.Encoder, first.Results[0].Tier);
        Assert.Equal(CacheTier.Memory, second.Results[0].Tier);
        Assert.Equal(first.Results[0].Embedding, second.Results[0].Embedding);
        Assert.Equal(0, second.Timings.BatchSize);
    }

    [Fact]
    public async Task EncodeImages_DigestFirst_AsksForTheBytesOnce()
    {
        var content = TestModel.Image("b_444_progressive.jpg");
        var byDigest = new EncodeImagesRequest
        {
            Tenant = EncoderUnderTest.Tenant,
            Images = { new Image { Sha256 = ByteString.CopyFrom(Sha256Digest.Of(content).ToBytes()) } },
        };

        var unknown = await _encoder.Client.EncodeImagesAsync(byDigest, cancellationToken: Cancel);
        var sent = await _encoder.Client.EncodeImagesAsync(EncoderUnderTest.Request(content), cancellationToken: Cancel);
        var known = await _encoder.Client.EncodeImagesAsync(byDigest, cancellationToken: Cancel);

        Assert.Equal(V1.ErrorReason.ImageBytesRequired, unknown.Results[0].Error.Reason);
        Assert.Equal(sent.Results[0].Embedding, known.Results[0].Embedding);
    }

    [Fact]
    public async Task EncodeImages_BadItems_CarryTheirOwnErrors()
    {
        var request = EncoderUnderTest.Request(TestModel.Image("c_gray.jpg"), [1, 2, 3], []);
        request.Images.Add(new Image { Sha256 = ByteString.CopyFrom(1, 2, 3) });
        request.Images.Add(new Image());

        var response = await _encoder.Client.EncodeImagesAsync(request, cancellationToken: Cancel);

        Assert.NotNull(response.Results[0].Embedding);
        Assert.Equal(V1.ErrorReason.ImageUnreadable, response.Results[1].Error.Reason);
        Assert.Equal((V1.ErrorReason.ImageUnreadable, "images[2].content"), (response.Results[2].Error.Reason, response.Results[2].Error.Field));
        Assert.Equal((V1.ErrorReason.InvalidField, "images[3].sha256"), (response.Results[3].Error.Reason, response.Results[3].Error.Field));
        Assert.Equal((V1.ErrorReason.InvalidField, "images[4]"), (response.Results[4].Error.Reason, response.Results[4].Error.Field));
    }

    [Fact]
    public async Task EncodeImages_BadTenant_NamesTheField()
    {
        var request = EncoderUnderTest.Request(TestModel.Image("c_gray.jpg"));
        request.Tenant = "acme";
        var refused = await Assert.ThrowsAsync<RpcException>(() => _encoder.Client.EncodeImagesAsync(request, cancellationToken: Cancel).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal("tenant", Assert.Single(refused.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field);
    }

    [Fact]
    public async Task EncodeTexts_EqualTheEncoderItself()
    {
        string[] texts = ["a photo of a cat.", "", "the tides rise"];
        var response = await _encoder.Client.EncodeTextsAsync(new EncodeTextsRequest { Tenant = EncoderUnderTest.Tenant, Texts = { texts } }, cancellationToken: Cancel);

        using var clip = TestModel.Load();
        var expected = clip.EncodeTexts([.. texts.Select(text => clip.Tokenizer.Encode(text, clip.Info.ContextLength))]);
        Assert.All(expected.Zip(response.Results), pair => AssertClose(pair.First, pair.Second.Embedding.Values));
    }

    [Fact]
    public async Task EncodeTexts_TooLong_NamesTheField()
    {
        var request = new EncodeTextsRequest { Tenant = EncoderUnderTest.Tenant, Texts = { "short", new string('a', 2001) } };
        var response = await _encoder.Client.EncodeTextsAsync(request, cancellationToken: Cancel);

        Assert.NotNull(response.Results[0].Embedding);
        Assert.Equal((V1.ErrorReason.LimitExceeded, "texts[1]"), (response.Results[1].Error.Reason, response.Results[1].Error.Field));
    }

    [Fact]
    public async Task GetModel_SaysWhatIsServedAndItsLimits()
    {
        var response = await _encoder.Client.GetModelAsync(new GetModelRequest(), cancellationToken: Cancel);

        Assert.Equal((32, 32, 16), (response.Model.EmbeddingDimension, response.Model.ImageSize, response.Model.ContextLength));
        Assert.Equal("fp32", response.Model.Precision);
        Assert.Equal((256, 20 << 20, 512), (response.Limits.MaxBatchItems, response.Limits.MaxImageBytes, response.Limits.MaxQueuedItems));
    }

    [Fact]
    public async Task EncodeImages_OnePixel_LeavesTheEncoderReady()
    {
        var response = await _encoder.Client.EncodeImagesAsync(EncoderUnderTest.Request(TestModel.Bitmap(1, 1, 0x336699)), cancellationToken: Cancel);

        Assert.NotNull(response.Results[0].Embedding);
        Assert.True(await _encoder.IsServingAsync());
    }

    private static float[] Direct(ClipEncoder clip, byte[] image)
    {
        var pixels = new float[clip.Preprocessor.ElementCount];
        clip.Preprocessor.Preprocess(image, view: 0, pixels);
        return clip.EncodeImages(pixels, 1)[0];
    }

    private static void AssertClose(IReadOnlyList<float> expected, IReadOnlyList<float> actual)
    {
        var scale = expected.Max(Math.Abs);
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance * scale));
    }
}
