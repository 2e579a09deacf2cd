using Google.Protobuf;
using TaskRes.Core;
using TaskRes.Platform.Resources;
using TaskRes.Services.Tests.Platform.Registry;
using TaskRes.Services.Tests.Support;
using TaskRes.Tests;
using TaskRes.V1;
using ErrorReason = TaskRes.Core.ErrorReason;
using Record = TaskRes.Trainer.Backup.Format.Record;
using Rollout = TaskRes.Platform.Registry.Rollout;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer.Backup;

/// <summary>Files that are no backup: each is refused with its reason, and leaves no key behind.</summary>
public sealed class RefusedBackupTests(RegistryOnRedisTests.Server server) : IClassFixture<RegistryOnRedisTests.Server>, IAsyncDisposable
{
    private const int Mutants = 500;

    private static readonly ErrorReason[] Typed =
        [ErrorReason.RevisionCorrupt, ErrorReason.InvalidField, ErrorReason.LimitExceeded, ErrorReason.FeaturesInvalid, ErrorReason.EncoderMismatch];

    private readonly BackupUnderTest host = BackupUnderTest.On(server.ConnectionString, durable: true);
    private readonly TenantName tenant = new($"t{Guid.NewGuid():N}");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Import_FileCutAtAnyRecord_LeavesNothing()
    {
        var (file, keys) = (await SmallAsync(), await host.KeysAsync());
        foreach (var end in BackupFile.Ends(file).Ends.Prepend(0))
            foreach (var length in new[] { end - 1, end, end + 1, end + 20 }.Where(length => length >= 0 && length < file.Length))
            {
                var error = await RefusedAsync(ErrorReason.RevisionCorrupt, file[..length]);
                Assert.Contains("the file ends here", error.Message, StringComparison.Ordinal);
                Assert.Equal(keys, await host.KeysAsync());
            }
    }

    [Fact]
    public async Task Import_MutatedFiles_AreRefusedTypedAndLeaveNothing()
    {
        const int Seed = 20261124;
        var (file, keys, random, refused) = (await SmallAsync(), await host.KeysAsync(), new Random(Seed), 0);
        for (var round = 0; round < Mutants; round++)
        {
            var mutant = Mutations.Of(file, random);
            if (mutant.AsSpan().SequenceEqual(file)) continue;
            var error = await Assert.ThrowsAsync<TaskResException>(() => host.ImportAsync(mutant));
            Assert.True(Typed.Contains(error.Reason) && error.Metadata.ContainsKey("record"), $"seed {Seed}, round {round}: {error.Reason}, {error.Message}");
            Assert.Equal(keys, await host.KeysAsync());
            refused++;
        }

        Assert.InRange(refused, Mutants * 9 / 10, Mutants);
        await host.ImportAsync(file);
    }

    [Theory]
    [InlineData("header.format_version", ErrorReason.InvalidField)]
    [InlineData("tenant.state", ErrorReason.InvalidField)]
    [InlineData("tenant.quotas.tasks", ErrorReason.InvalidField)]
    [InlineData("tenant.create_time", ErrorReason.InvalidField)]
    [InlineData("tenant.display_name", ErrorReason.LimitExceeded)]
    [InlineData("api_key.permissions", ErrorReason.InvalidField)]
    [InlineData("api_key.name", ErrorReason.InvalidField)]
    [InlineData("api_key.secret_sha256", ErrorReason.InvalidField)]
    [InlineData("audit_record.sequence", ErrorReason.InvalidField)]
    [InlineData("task.name", ErrorReason.InvalidField)]
    [InlineData("task.class_names", ErrorReason.LimitExceeded)]
    [InlineData("example.digest", ErrorReason.InvalidField)]
    [InlineData("class_index", ErrorReason.InvalidField)]
    [InlineData("example.views", ErrorReason.LimitExceeded)]
    [InlineData("revision.name", ErrorReason.InvalidField)]
    [InlineData("revision.length", ErrorReason.LimitExceeded)]
    [InlineData("served.revisions", ErrorReason.InvalidField)]
    [InlineData("rollout", ErrorReason.InvalidField)]
    public async Task Import_ValueThatCannotBe_IsRefusedThoughTheDigestIsRight(string field, ErrorReason reason)
    {
        var (file, keys) = (await SmallAsync(), await host.KeysAsync());
        var records = BackupFile.Records(file);
        Falsify(field, records);

        var error = await RefusedAsync(reason, await BackupFile.WriteAsync(records));
        Assert.Equal(field, error.Field);
        Assert.Equal(keys, await host.KeysAsync());
    }

    [Fact]
    public async Task Import_RevisionWithOtherContent_IsRefusedThoughTheDigestIsRight()
    {
        var (file, keys) = (await SmallAsync(), await host.KeysAsync());
        var records = BackupFile.Records(file);
        var other = Samples.Revision(77).ToSafetensors();
        Of(records, Record.KindOneofCase.Revision).Revision.Length = other.Length;
        Of(records, Record.KindOneofCase.RevisionPart).RevisionPart = ByteString.CopyFrom(other);

        Assert.Contains("hash", (await RefusedAsync(ErrorReason.InvalidField, await BackupFile.WriteAsync(records))).Message, StringComparison.Ordinal);
        Assert.Equal(keys, await host.KeysAsync());
    }

    private async Task<TaskResException> RefusedAsync(ErrorReason reason, byte[] file)
    {
        var error = await Assert.ThrowsAsync<TaskResException>(() => host.ImportAsync(file));
        Assert.Equal(reason, error.Reason);
        return error;
    }

    // One of each kind of record; the tenant is gone again.
    private async Task<byte[]> SmallAsync()
    {
        await host.CreateAsync(tenant);
        var small = tenant.Task("small");
        await host.Registry.CreateTaskAsync(Samples.Task(small), Cancel);
        await host.Registry.PutExamplesAsync(small, [Samples.Example(1), Samples.Example(2)], Cancel);
        foreach (var seed in new[] { 1, 2 }) await host.Registry.PublishAsync(small, Samples.Revision(seed), Cancel);
        await host.Registry.PromoteAsync(small.Revision(Samples.Revision(1).Id), null, Cancel);
        await host.Registry.SetRolloutAsync(small, new Rollout { Shadow = small.Revision(Samples.Revision(2).Id) }, null, Cancel);
        var file = await host.ExportAsync(tenant);
        await host.Tenants.DeleteAsync(tenant, Cancel);
        return file;
    }

    private static Record Of(List<Record> records, Record.KindOneofCase kind) => records.First(record => record.KindCase == kind);

    private static void Falsify(string field, List<Record> records)
    {
        var (header, tenant) = (records[0].Header, records[1].Tenant);
        var (key, task) = (Of(records, Record.KindOneofCase.ApiKey).ApiKey, Of(records, Record.KindOneofCase.Task).Task);
        var (example, revision) = (Of(records, Record.KindOneofCase.Example).Example, Of(records, Record.KindOneofCase.Revision).Revision);
        Action falsify = field switch
        {
            "header.format_version" => () => header.FormatVersion = 2,
            "tenant.state" => () => tenant.State = (int)TenantState.Restoring,
            "tenant.quotas.tasks" => () => tenant.Quotas = new TenantQuotas { Tasks = -1 }.ToByteString(),
            "tenant.create_time" => () => tenant.CreateTimeUnixMs = long.MaxValue,
            "tenant.display_name" => () => tenant.DisplayName = new string('x', 201),
            "api_key.permissions" => () => key.Permissions.Add((int)Permission.Operate),
            "api_key.name" => () => key.Name = "tenants/other/apiKeys/k1",
            "api_key.secret_sha256" => () => key.SecretSha256 = ByteString.CopyFrom(1, 2),
            "audit_record.sequence" => () => records.Insert(records.FindIndex(record => record.KindCase == Record.KindOneofCase.AuditRecord), Of(records, Record.KindOneofCase.AuditRecord)),
            "task.name" => () => task.Name = "tenants/other/tasks/small",
            "task.class_names" => () => task.ClassNames.Add(Enumerable.Range(0, 5001).Select(i => $"more {i}")),
            "example.digest" => () => records.Insert(records.FindIndex(record => record.KindCase == Record.KindOneofCase.Example), Of(records, Record.KindOneofCase.Example)),
            "class_index" => () => example.ClassIndex = 3,
            "example.views" => () => example.Views.Add(Enumerable.Repeat(example.Views[0], 33)),
            "revision.name" => () => revision.Name = revision.Name[..^1] + (revision.Name[^1] == '0' ? '1' : '0'),
            "revision.length" => () => revision.Length = long.MaxValue,
            "served.revisions" => () => Of(records, Record.KindOneofCase.Served).Served.Revisions.Add("none"),
            "rollout" => () => Of(records, Record.KindOneofCase.Rollout).Rollout.ShadowRevision = "none",
            _ => throw new ArgumentOutOfRangeException(nameof(field), field, null),
        };
        falsify();
    }
}
