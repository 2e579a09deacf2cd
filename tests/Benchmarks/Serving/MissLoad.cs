using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using SkiaSharp;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Benchmarks.Serving;

/// <summary>Images to the encoder, none of which was ever sent.</summary>
internal sealed class MissLoad(GrpcChannel channel, Metadata headers)
{
    private const int InFlight = 16;
    private const int Side = 224;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);
    private static readonly byte[] Jpeg = Noise();

    private readonly EncoderService.EncoderServiceClient _client = new(channel);
    private readonly CallOptions _options = new(headers);

    /// <summary>Waits for the encoder's model.</summary>
    public async Task ReadyAsync()
    {
        while (true)
        {
            try
            {
                await _client.GetModelAsync(new GetModelRequest(), _options);
                return;
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>Images in a second.</summary>
    public Task<double> RunAsync() => ClosedLoop.RunAsync(InFlight, Duration, async _ =>
    {
        // Decoders read no further than an image's end.
        var request = new EncodeImagesRequest { Tenant = $"{SyntheticTasks.Tenant}", Images = { new Image { Content = ByteString.CopyFrom([.. Jpeg, .. Guid.NewGuid().ToByteArray()]) } } };
        var result = (await _client.EncodeImagesAsync(request, _options)).Results[0];
        if (result.Tier != CacheTier.Encoder) throw new InvalidOperationException($"An image that nobody sent came from {result.Tier}: {result.Error?.Message}");
    });

    private static byte[] Noise()
    {
        using var bitmap = new SKBitmap(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque);
        new Random(1).NextBytes(bitmap.GetPixelSpan());
        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality: 90);
        return jpeg.ToArray();
    }
}
