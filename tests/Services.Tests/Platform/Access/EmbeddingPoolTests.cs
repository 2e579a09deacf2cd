using Google.Protobuf;
using Grpc.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Trainer;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Platform.Access;

/// <summary>The pool as operators and tenants meet it, through the RPCs and the whole path of an embedding.</summary>
public sealed class EmbeddingPoolTests
{
    private static readonly byte[] Picture = TestModel.Bitmap(32, 32, 0x00ff00);

    [Fact]
    public async Task Pool_SetAtCreationAndChanged_IsShownAndHolds()
    {
        await using var suite = await GuardedSuite.StartAsync();
        var operating = GuardedSuite.As(GuardedSuite.AdminKey);
        foreach (var id in new[] { "first", "second" })
            await suite.Tenants.CreateTenantAsync(new CreateTenantRequest { TenantId = id, Tenant = new Tenant { EmbeddingPool = EmbeddingPool.Shared, DisplayName = id } }, operating);
        await suite.Tenants.CreateTenantAsync(new CreateTenantRequest { TenantId = "aloof" }, operating);
        var second = (await suite.KeyAsync("second", Permission.Classify, Permission.Admin, Permission.Read)).Secret;
        var aloof = (await suite.KeyAsync("aloof", Permission.Classify, Permission.Read)).Secret;
        await EncodeAsync(suite, "first", (await suite.KeyAsync("first", Permission.Classify)).Secret, new Image { Content = ByteString.CopyFrom(Picture) });

        Assert.Equal(EmbeddingPool.Shared, (await suite.Tenants.GetTenantAsync(new GetTenantRequest { Name = "tenants/second" }, GuardedSuite.As(second))).Tenant.EmbeddingPool);
        Assert.Equal(EmbeddingPool.Private, (await suite.Tenants.GetTenantAsync(new GetTenantRequest { Name = "tenants/aloof" }, GuardedSuite.As(aloof))).Tenant.EmbeddingPool);
        Assert.NotNull((await AskAsync(suite, "second", second)).Embedding);
        Assert.Equal(ErrorReason.ImageBytesRequired, (await AskAsync(suite, "aloof", aloof)).Error?.Reason);

        var change = new UpdateTenantRequest { Name = "tenants/second", EmbeddingPool = EmbeddingPool.Private };
        await Refused.WithAsync(StatusCode.PermissionDenied, "PERMISSION_DENIED", async () => await suite.Tenants.UpdateTenantAsync(change, GuardedSuite.As(second)));
        var changed = (await suite.Tenants.UpdateTenantAsync(change, operating)).Tenant;

        Assert.Equal((EmbeddingPool.Private, "second"), (changed.EmbeddingPool, changed.DisplayName));
        Assert.Equal(ErrorReason.ImageBytesRequired, (await AskAsync(suite, "second", second)).Error?.Reason);
    }

    [Fact]
    public async Task CreateTenant_UnknownPool_IsRefused()
    {
        await using var suite = await GuardedSuite.StartAsync();
        var request = new CreateTenantRequest { TenantId = "acme", Tenant = new Tenant { EmbeddingPool = (EmbeddingPool)9 } };
        await Refused.WithAsync(StatusCode.InvalidArgument, "INVALID_FIELD", async () => await suite.Tenants.CreateTenantAsync(request, GuardedSuite.As(GuardedSuite.AdminKey)));
    }

    private static Task<EncodeResult> AskAsync(GuardedSuite suite, string tenant, string key) =>
        EncodeAsync(suite, tenant, key, new Image { Sha256 = ByteString.CopyFrom(Sha256Digest.Of(Picture).ToBytes()) });

    private static async Task<EncodeResult> EncodeAsync(GuardedSuite suite, string tenant, string key, Image image)
    {
        var request = new EncodeImagesRequest { Tenant = $"tenants/{tenant}", Images = { image } };
        return (await new EncoderService.EncoderServiceClient(suite.Service.Channel).EncodeImagesAsync(request, GuardedSuite.As(key))).Results[0];
    }
}
