using Google.Protobuf;
using Google.Protobuf.Reflection;
using TaskRes.AllInOne;
using TaskRes.Client;
using TaskRes.Tests;
using TaskRes.Trials.Isolation;
using TaskRes.Trials.Processes;
using TaskRes.Trials.Soak;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trials.Hostile;

/// <summary>
/// Damaged requests, images, revisions, backups, stored values and checkpoints, from a caller who may do everything: each is
/// answered or refused with a reason; no process ends, hangs, or grows without bound.
/// </summary>
internal static class HostileTrial
{
    private const string Tenant = "tenants/acme";
    private const string TaskName = $"{Tenant}/tasks/some";
    private const int ChunkBytes = 1 << 20;

    // What a process may grow by: its caches are bounded, and the allocators keep some of what they once had.
    private const double AllowedGrowthMiB = 256;

    /// <param name="inputs">Damaged requests; of images half as many, of files and stored values a tenth each.</param>
    public static Task<TrialReport> RunAsync(int seed, int inputs, CancellationToken cancellationToken) =>
        TrialTally.RunAsync("hostile", seed, tally => RunAsync(new Random(seed), inputs, tally, cancellationToken));

    private static async Task<bool> RunAsync(Random random, int inputs, TrialTally tally, CancellationToken cancellationToken)
    {
        using var services = SeparateServices.Guarded("--EmbeddingCache:MaxEntries=1000", "--Classifier:MaxTasks=1");
        await services.StartAsync(cancellationToken);
        using var admin = SeparateServices.Client(services.Trainer, Tenant, SeparateServices.AdminKey);
        var tenantsKey = await services.TenantAsync("acme", cancellationToken);
        var revision = (await admin.Tasks.CreateAsync(new CreateTaskOptions { TaskId = "some", ClassNames = ["red", "green"] }, cancellationToken)).LiveRevision;
        await admin.Tasks.CreateAsync(new CreateTaskOptions { TaskId = DamagedValues.SpareTask, ClassNames = ["red", "green"] }, cancellationToken);
        using var calls = new HostileCalls(services, tenantsKey, tally);
        using var operators = new HostileCalls(services, SeparateServices.AdminKey, tally);
        using var file = new MemoryStream();
        using var backup = new MemoryStream();
        await admin.Revisions.ExportAsync(revision, file, cancellationToken);
        await admin.Tenants.ExportAsync(Tenant, backup, cancellationToken: cancellationToken);

        await SendImagesAsync(calls, inputs / 20, random, cancellationToken);
        using var sampler = new ProcessSampler();
        var before = await ResidentAsync(sampler, services, cancellationToken);

        await SendRequestsAsync(calls, inputs, random, cancellationToken);
        await SendImagesAsync(calls, inputs / 2, random, cancellationToken);
        for (var i = 0; i < inputs / 10; i++)
        {
            await SendFileAsync(calls, "revisions", RevisionParts(Mutations.Of(file.ToArray(), random)), "ImportRevision", TrainerService.Descriptor, cancellationToken);
            await SendFileAsync(operators, "backups", BackupParts(Mutations.Of(backup.ToArray(), random), i), "ImportTenant", TenantService.Descriptor, cancellationToken);
        }

        await DamagedValues.TryAsync(services.Redis, calls, TaskName, inputs / 10, random, tally, cancellationToken);
        DamagedCheckpoints.Try(inputs / 50, random, tally);

        var after = await ResidentAsync(sampler, services, cancellationToken);
        foreach (var (process, resident) in after)
        {
            tally.Count($"{process}MiBBefore", (int)before[process]);
            tally.Count($"{process}MiBAfter", (int)resident);
            if (resident > before[process] + AllowedGrowthMiB) tally.Fault($"{process} grew from {before[process]:F0} MiB to {resident:F0} MiB");
        }

        return tally.Of("answered") > 0 && tally.Of("refused") > tally.Of("answered") / 10;
    }

    private static async Task SendRequestsAsync(HostileCalls calls, int count, Random random, CancellationToken cancellationToken)
    {
        var requests = new FilledRequest(Tenant, TaskName);
        MethodDescriptor[] methods = [.. AnyRpc.All.Where(method => method.Name is not ("DeleteTask" or "DeleteTenant"))];
        for (var i = 0; i < count; i++)
        {
            var method = methods[i % methods.Length];
            await calls.SendAsync("requests", method, [Mutations.Of(requests.To(method), random)], cancellationToken);
        }
    }

    private static async Task SendImagesAsync(HostileCalls calls, int count, Random random, CancellationToken cancellationToken)
    {
        var encode = EncoderService.Descriptor.FindMethodByName(nameof(EncoderService.EncoderServiceClient.EncodeImages));
        byte[][] originals = [.. BundledFiles.TaskFolders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories)).Where(path => !path.EndsWith(".json", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(64).Select(File.ReadAllBytes)];
        for (var i = 0; i < count; i++)
        {
            var image = new Image { Content = ByteString.CopyFrom(Mutations.Of(originals[i % originals.Length], random)) };
            await calls.SendAsync("images", encode, [new EncodeImagesRequest { Tenant = Tenant, Images = { image }, View = i % 2 }.ToByteArray()], cancellationToken);
        }
    }

    private static async Task SendFileAsync(HostileCalls calls, string kind, IEnumerable<IMessage> parts, string method, ServiceDescriptor service, CancellationToken cancellationToken) =>
        await calls.SendAsync(kind, service.FindMethodByName(method), parts.Select(part => part.ToByteArray()), cancellationToken);

    private static IEnumerable<IMessage> RevisionParts(byte[] file) =>
        [new ImportRevisionRequest { Task = TaskName }, .. file.Chunk(ChunkBytes).Select(chunk => new ImportRevisionRequest { Chunk = ByteString.CopyFrom(chunk) })];

    private static IEnumerable<IMessage> BackupParts(byte[] file, int number) =>
        [new ImportTenantRequest { Tenant = $"tenants/restored-{number}" }, .. file.Chunk(ChunkBytes).Select(chunk => new ImportTenantRequest { Chunk = ByteString.CopyFrom(chunk) })];

    private static async Task<Dictionary<string, double>> ResidentAsync(ProcessSampler sampler, SeparateServices services, CancellationToken cancellationToken)
    {
        var resident = new Dictionary<string, double>();
        foreach (var process in services.All) resident[process.Name] = (await sampler.ReadAsync(process.Id, webPort: 0, cancellationToken)).ResidentMiB;
        return resident;
    }
}
