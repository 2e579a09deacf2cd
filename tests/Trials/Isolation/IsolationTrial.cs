using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using TaskRes.Client;
using TaskRes.Trials.Answers;
using TaskRes.Trials.Processes;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trials.Isolation;

/// <summary>
/// Another tenant's resource is refused by every RPC as one that does not exist, and the digest of an image that another
/// tenant has embedded is as unknown as any.
/// </summary>
internal static class IsolationTrial
{
    private const int ImageCount = 8;

    public static Task<TrialReport> RunAsync(int seed, CancellationToken cancellationToken) =>
        TrialTally.RunAsync("isolation", seed, tally => RunAsync(seed, tally, cancellationToken));

    private static async Task<bool> RunAsync(int seed, TrialTally tally, CancellationToken cancellationToken)
    {
        using var services = SeparateServices.Guarded();
        await services.StartAsync(cancellationToken);
        var (acme, other) = (await services.TenantAsync("acme", cancellationToken), await services.TenantAsync("other", cancellationToken));
        using var acmesTrainer = SeparateServices.Client(services.Trainer, "tenants/acme", acme);
        await acmesTrainer.Tasks.CreateAsync(new CreateTaskOptions { TaskId = "some", ClassNames = ["red", "green"] }, cancellationToken);

        await CompareRefusalsAsync(services, other, tally, cancellationToken);
        await CompareDigestsAsync(services, acme, other, TrialImages.Make(ImageCount, seed), tally, cancellationToken);
        return tally.Of("rpcs") > 0 && tally.Of("digests") == ImageCount;
    }

    private static async Task CompareRefusalsAsync(SeparateServices services, string key, TrialTally tally, CancellationToken cancellationToken)
    {
        foreach (var method in AnyRpc.All.Where(method => new AnyRpc(method).HasResource))
        {
            var service = method.Service == EncoderService.Descriptor ? services.Encoder : method.Service == ClassifierService.Descriptor ? services.Classifier : services.Trainer;
            using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{service.Port}");
            var rpc = new AnyRpc(method);
            var foreign = await rpc.CallAsync(channel, key, rpc.Resource("acme"), cancellationToken);
            var missing = await rpc.CallAsync(channel, key, rpc.Resource("nobody"), cancellationToken);
            tally.Count("rpcs");
            var alike = foreign == missing with { Message = missing.Message.Replace("nobody", "acme", StringComparison.Ordinal) };
            // What only an operator may do is refused before anybody looks for the resource.
            var expected = rpc.Permission == Permission.Operate ? "PERMISSION_DENIED" : "_NOT_FOUND";
            if (!alike || !foreign.Reason.EndsWith(expected, StringComparison.Ordinal)) tally.Fault($"{method.FullName}: {foreign} and {missing}");
        }
    }

    private static async Task CompareDigestsAsync(
        SeparateServices services, string acme, string other, IReadOnlyList<byte[]> images, TrialTally tally, CancellationToken cancellationToken)
    {
        using var owner = SeparateServices.Client(services.Encoder, "tenants/acme", acme);
        await owner.Encoding.EncodeImagesAsync(images.Select(image => (ReadOnlyMemory<byte>)image), cancellationToken: cancellationToken);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{services.Encoder.Port}");
        var encoder = new EncoderService.EncoderServiceClient(channel);
        foreach (var digest in images.Select(SHA256.HashData))
        {
            var own = await AskAsync(encoder, "acme", acme, digest, cancellationToken);
            var foreign = await AskAsync(encoder, "other", other, digest, cancellationToken);
            var unknown = SHA256.HashData(digest);
            var missing = await AskAsync(encoder, "other", other, unknown, cancellationToken);
            tally.Count("digests");
            if (own.Embedding is null) tally.Fault($"its own image {Convert.ToHexStringLower(digest)} is unknown to the tenant: {own.Error}");
            if (foreign.Error?.Reason != ErrorReason.ImageBytesRequired || !Unnamed(foreign, digest).Equals(Unnamed(missing, unknown))) tally.Fault($"another's image: {foreign}; an unknown one: {missing}");
        }
    }

    private static async Task<EncodeResult> AskAsync(EncoderService.EncoderServiceClient encoder, string tenant, string key, byte[] digest, CancellationToken cancellationToken)
    {
        var request = new EncodeImagesRequest { Tenant = $"tenants/{tenant}", Images = { new Image { Sha256 = ByteString.CopyFrom(digest) } } };
        var options = new CallOptions(new Metadata { { "authorization", $"Bearer {key}" } }, cancellationToken: cancellationToken);
        return (await encoder.EncodeImagesAsync(request, options)).Results[0];
    }

    // The answer repeats the digest that was asked for.
    private static string Unnamed(EncodeResult result, byte[] digest) => $"{result}".Replace(Convert.ToHexStringLower(digest), "", StringComparison.OrdinalIgnoreCase);
}
