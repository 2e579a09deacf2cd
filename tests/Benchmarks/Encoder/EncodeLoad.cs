using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using TaskRes.Benchmarks.Serving;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Benchmarks.Encoder;

/// <summary>One tenant's unary calls of one image each, none of which was sent before.</summary>
internal sealed class EncodeLoad(ChannelBase channel, string tenant, JpegImages images)
{
    // Of all loads: a number is used once.
    private static int _number;

    private readonly EncoderService.EncoderServiceClient _client = new(channel);

    /// <summary>Images in a second, with as many calls in flight.</summary>
    public Task<double> RunClosedAsync(int inFlight, TimeSpan duration) => ClosedLoop.RunAsync(inFlight, duration, _ => EncodeAsync());

    /// <summary>Calls at a steady rate, whatever becomes of those before them.</summary>
    /// <returns>Seconds from the moment that each was due to its answer, of those that were answered; in ascending order.</returns>
    public async Task<double[]> RunOpenAsync(double perSecond, TimeSpan duration)
    {
        var (seconds, calls, start) = (new ConcurrentBag<double>(), new List<Task>(), Stopwatch.GetTimestamp());
        for (var due = TimeSpan.Zero; due < duration; due += TimeSpan.FromSeconds(1 / perSecond))
        {
            if (due - Stopwatch.GetElapsedTime(start) is var wait && wait > TimeSpan.Zero) await Task.Delay(wait);
            calls.Add(CallAsync(due));
        }

        await Task.WhenAll(calls);
        return [.. seconds.Order()];

        async Task CallAsync(TimeSpan due)
        {
            try
            {
                await EncodeAsync();
                seconds.Add((Stopwatch.GetElapsedTime(start) - due).TotalSeconds);
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.ResourceExhausted)
            {
                // More than its part of the queue.
            }
        }
    }

    /// <summary>So many images through one stream, to the last answer.</summary>
    public async Task StreamAsync(int count)
    {
        using var call = _client.EncodeStream();
        var writing = Task.Run(async () =>
        {
            for (var sent = 0; sent < count; sent++) await call.RequestStream.WriteAsync(new EncodeStreamRequest { Tenant = tenant, Sequence = sent, Image = NextImage() });
            await call.RequestStream.CompleteAsync();
        });
        await foreach (var answer in call.ResponseStream.ReadAllAsync())
            if (answer.Result.Error is { } error) throw new InvalidOperationException(error.Message);
        await writing;
    }

    private Image NextImage() => new() { Content = UnsafeByteOperations.UnsafeWrap(images.Number(Interlocked.Increment(ref _number))) };

    private async Task EncodeAsync()
    {
        var reply = await _client.EncodeImagesAsync(new EncodeImagesRequest { Tenant = tenant, Images = { NextImage() } });
        if (reply.Results[0].Error is { } error) throw new InvalidOperationException(error.Message);
    }
}
