using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using TaskRes.Benchmarks.Encoder;
using TaskRes.V1;

namespace TaskRes.Benchmarks.Serving;

/// <summary>Images to the encoder, none of which was ever sent.</summary>
internal sealed class MissLoad(GrpcChannel channel, Metadata headers)
{
    private const int InFlight = 16;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);

    private readonly EncoderService.EncoderServiceClient _client = new(channel);
    private readonly CallOptions _options = new(headers);
    private readonly JpegImages _images = new(width: 224, height: 224);
    private int _sent;

    /// <summary>Images in a second.</summary>
    public Task<double> RunAsync() => ClosedLoop.RunAsync(InFlight, Duration, async _ =>
    {
        var image = new Image { Content = ByteString.CopyFrom(_images.Number(Interlocked.Increment(ref _sent))) };
        var result = (await _client.EncodeImagesAsync(new EncodeImagesRequest { Tenant = $"{SyntheticTasks.Tenant}", Images = { image } }, _options)).Results[0];
        if (result.Tier != CacheTier.Encoder) throw new InvalidOperationException($"An image that nobody sent came from {result.Tier}: {result.Error?.Message}");
    });
}
