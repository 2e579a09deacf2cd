using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using TaskRes.AllInOne;
using TaskRes.Benchmarks.Serving;
using TaskRes.Core.Clip;
using TaskRes.Trials.Soak;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Benchmarks.Encoder;

/// <summary>The encoder as a service, in a process of its own, under the load of other processes.</summary>
internal static class EncoderServiceFigures
{
    private const int Repetitions = 5;
    private const int InFlight = 64;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);

    /// <summary>What a service costs beyond the work itself.</summary>
    public static async Task<IReadOnlyList<Measurement>> SaturatedAsync()
    {
        var folder = Directory.CreateTempSubdirectory("taskres-benchmark-").FullName;
        try
        {
            RandomClip.Write("ViT-B/32", folder, seed: 1);
            await using var processes = new ServingProcesses();
            await processes.StartRedisAsync();
            var images = new JpegImages(224, 224);
            var service = new EncodeLoad(await SuiteAsync(processes, folder), "tenants/busy", images);
            using var clip = ClipEncoder.Load(new ClipLoadOptions { Path = folder, Device = "cpu" });
            var runs = new List<(double, double)>();
            for (var run = 0; run <= Repetitions; run++) runs.Add((await service.RunClosedAsync(InFlight, Duration), Loop(clip, images)));
            return [Measurement.AtLeast("encoder service, saturated, 224×224 JPEG", "images/s", "decode, preprocess, forward in a loop in one process", 0.95, runs[1..])];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A tenant that sends little, while ten that send their part keep the encoder busy, and while one floods it at a hundred times its rate.</summary>
    public static async Task<IReadOnlyList<Measurement>> QuietTenantAsync()
    {
        const int Neighbours = 10;
        const double FloodOfQuiet = 100;
        const double FloodOfCapacity = 2;
        var images = new JpegImages(224, 224);
        await using var processes = new ServingProcesses();
        await processes.StartRedisAsync();
        var channel = await SuiteAsync(processes, BundledFiles.ModelFolder);
        var quiet = new EncodeLoad(channel, "tenants/quiet", images);
        var flood = new EncodeLoad(channel, "tenants/flood", images);
        EncodeLoad[] neighbours = [.. Enumerable.Range(0, Neighbours).Select(number => new EncodeLoad(channel, $"tenants/neighbour-{number}", images))];
        var capacity = await flood.RunClosedAsync(InFlight, Duration);
        var rate = capacity * FloodOfCapacity / FloodOfQuiet;
        var runs = new List<(double, double)>();
        for (var run = 0; run < Repetitions; run++)
        {
            var loaded = neighbours.Select(neighbour => neighbour.RunClosedAsync(InFlight / Neighbours, Duration)).ToArray();
            var besideNeighbours = P99(await quiet.RunOpenAsync(rate, Duration));
            await Task.WhenAll(loaded);
            var flooding = flood.RunOpenAsync(FloodOfQuiet * rate, Duration);
            var besideFlood = P99(await quiet.RunOpenAsync(rate, Duration));
            await flooding;
            runs.Add((besideFlood, besideNeighbours));
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"quiet tenant's p99, {rate:0} images/s beside a flood of {FloodOfQuiet * rate:0}");
        return [Measurement.AtMost(name, "s", "its p99 on an encoder that ten tenants keep busy", 2, runs)];
    }

    /// <summary>The memory of a service whose client does not read.</summary>
    public static async Task<IReadOnlyList<Measurement>> SlowReaderAsync()
    {
        const int Images = 10_000;
        const int Different = 1_000;
        const double AllowedMiB = 64;
        await using var processes = new ServingProcesses();
        await processes.StartRedisAsync();
        var channel = await SuiteAsync(processes, BundledFiles.ModelFolder);
        var client = new EncoderService.EncoderServiceClient(channel);
        var images = new JpegImages(224, 224);
        using var sampler = new ProcessSampler();

        // What is cached is answered at once: the service is as far ahead of its reader as it can be.
        await StreamAsync(client, images, Different, Different, pause: TimeSpan.Zero, _ => Task.CompletedTask);
        var start = Stopwatch.GetTimestamp();
        await StreamAsync(client, images, Images, Different, pause: TimeSpan.Zero, _ => Task.CompletedTask);
        var pause = Stopwatch.GetElapsedTime(start) / Images * 10;
        var before = await ResidentAsync();
        var most = before;
        await StreamAsync(client, images, Images, Different, pause, async read =>
        {
            if (read % 200 == 0) most = Math.Max(most, await ResidentAsync());
        });
        return [Measurement.AtMost($"{Images} images in one stream, reader 10 times too slow", "MiB of growth", $"{AllowedMiB} MiB", 1, [(most - before, AllowedMiB)])];

        async Task<double> ResidentAsync() => (await sampler.ReadAsync(processes.LastId, webPort: 0, CancellationToken.None)).ResidentMiB;
    }

    public static Task<Grpc.Net.Client.GrpcChannel> SuiteAsync(ServingProcesses processes, string model) =>
        processes.ReadyAsync(ServingChild.Suite, "--Access:Mode=Off", $"--Model:Path={model}", "--Model:Device=cpu", "--Quotas:ConcurrentRequests=100000");

    private static double P99(double[] ascending) => ascending[(int)(0.99 * (ascending.Length - 1))];

    // The best that a process can do that has all its images at hand: a batch is decoded by all cores, then encoded.
    private static double Loop(ClipEncoder clip, JpegImages images)
    {
        const int Batch = 16;
        var size = clip.Preprocessor.ElementCount;
        var pixels = new float[Batch * size];
        var (start, done) = (Stopwatch.GetTimestamp(), 0);
        for (; Stopwatch.GetElapsedTime(start) < Duration; done += Batch)
        {
            var first = done;
            Parallel.For(0, Batch, i => clip.Preprocessor.Preprocess(images.Number(first + i), view: 0, pixels.AsSpan(i * size, size)));
            clip.EncodeImages(pixels, Batch);
        }

        return done / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task StreamAsync(EncoderService.EncoderServiceClient client, JpegImages images, int count, int different, TimeSpan pause, Func<int, Task> read)
    {
        using var call = client.EncodeStream();
        var writing = Task.Run(async () =>
        {
            for (var number = 0; number < count; number++)
                await call.RequestStream.WriteAsync(new EncodeStreamRequest { Tenant = "tenants/slow", Sequence = number, Image = new Image { Content = UnsafeByteOperations.UnsafeWrap(images.Number(number % different)) } });
            await call.RequestStream.CompleteAsync();
        });
        var (start, answers) = (Stopwatch.GetTimestamp(), 0);
        await foreach (var answer in call.ResponseStream.ReadAllAsync())
        {
            if (answer.Result.Error is { } error) throw new InvalidOperationException(error.Message);
            await read(++answers);
            if ((pause * answers) - Stopwatch.GetElapsedTime(start) is { TotalMilliseconds: > 1 } wait) await Task.Delay(wait);
        }

        await writing;
    }
}
