using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using TaskRes.Services.Tests.Encoder;
using TaskRes.Services.Tests.Platform.Access;
using TaskRes.Tests;
using TaskRes.Trials.Isolation;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Hostile;

/// <summary>Requests damaged by a seed, to every RPC, by a caller who may do everything: each is answered, and never by a fault of the service's own.</summary>
public sealed class HostileRequestTests
{
    private const int RequestsPerRpc = 60;
    private const int Seed = 20_231;

    private static readonly StatusCode[] FaultsOfTheService = [StatusCode.Unknown, StatusCode.Internal, StatusCode.DataLoss, StatusCode.Unimplemented];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnyRpc_DamagedRequest_IsAnsweredWithoutAFaultOfTheService()
    {
        await using var suite = await GuardedSuite.StartAsync();
        var (tenant, key) = await suite.TenantAsync("acme");
        var task = await suite.TaskAsync(tenant, key);
        var statuses = new Dictionary<StatusCode, int>();
        foreach (var method in AnyRpc.All.Where(method => method.Name != "DeleteTenant"))
        {
            var random = new Random(Seed);
            for (var i = 0; i < RequestsPerRpc; i++)
            {
                var original = Request(method, tenant, task).ToByteArray();
                var status = await new RawCall(method).RunAsync(suite.Service.Channel, key, Mutations.Of(original, random), Cancel);
                Assert.False(FaultsOfTheService.Contains(status.StatusCode), $"{method.FullName}, request {i}: {status}");
                statuses[status.StatusCode] = statuses.GetValueOrDefault(status.StatusCode) + 1;
            }
        }

        // Not all were refused at the door: many a damage leaves a request that means something else.
        Assert.True(statuses.Count >= 4, string.Join(", ", statuses));
        Assert.Equal("OK", (await new AnyRpc(TenantService.Descriptor.FindMethodByName("GetTenant")).CallAsync(suite.Service.Channel, key, tenant, Cancel)).Reason);
    }

    // Filled as a caller would fill it, as far as names and types tell.
    private static IMessage Request(MethodDescriptor method, string tenant, string task) => Fill(method.InputType, tenant, task, depth: 0);

    private static IMessage Fill(MessageDescriptor type, string tenant, string task, int depth)
    {
        var message = type.Parser.ParseFrom([]);
        foreach (var field in type.Fields.InDeclarationOrder().Where(field => !field.IsMap && depth < 4))
        {
            object value = field.FieldType switch
            {
                FieldType.String => Text(field, tenant, task),
                FieldType.Bytes => ByteString.CopyFrom(TestModel.Bitmap(8, 8, 0xff0000)),
                FieldType.Message => Fill(field.MessageType, tenant, task, depth + 1),
                FieldType.Int32 => 1,
                FieldType.Int64 => 1L,
                FieldType.Double => 0.5,
                FieldType.Float => 0.5f,
                FieldType.Bool => true,
                FieldType.Enum => field.IsRepeated ? 1 : Enum.ToObject(field.EnumType.ClrType, 1),
                _ => null!,
            };
            if (value is null) continue;
            if (field.IsRepeated) ((System.Collections.IList)field.Accessor.GetValue(message)).Add(field.FieldType == FieldType.Enum ? Enum.ToObject(field.EnumType.ClrType, 1) : value);
            else field.Accessor.SetValue(message, value);
        }

        return message;
    }

    private static string Text(FieldDescriptor field, string tenant, string task) => field.Name switch
    {
        "tenant" or "parent" => field.ContainingType.Name.Contains("Revision", StringComparison.Ordinal) ? task : tenant,
        "name" or "task" => task,
        "request_id" => "123e4567-e89b-12d3-a456-426614174000",
        "class_names" or "class_name" => "red",
        "page_token" or "expected_live_revision" => "",
        _ => "a",
    };
}
