using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using TaskRes.Core;
using TaskRes.Platform.Resources;
using TaskRes.Trainer.Backup;
using TaskRes.V1;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trainer.Tenants;

/// <summary>Whole tenants as files, in pieces: out, and in again.</summary>
internal sealed class TenantTransfer(TenantExport export, TenantImport import)
{
    /// <exception cref="TaskResException">As <see cref="TenantExport.ExportAsync"/>.</exception>
    public Task ExportAsync(TenantName name, IServerStreamWriter<ExportTenantResponse> responses, CancellationToken cancellationToken) =>
        // A response is written when the call returns.
        export.ExportAsync(name, (chunk, token) => responses.WriteAsync(new ExportTenantResponse { Chunk = UnsafeByteOperations.UnsafeWrap(chunk) }, token), cancellationToken);

    /// <exception cref="TaskResException">As <see cref="TenantImport.ImportAsync"/>.</exception>
    public async Task<ImportTenantResponse> ImportAsync(IAsyncStreamReader<ImportTenantRequest> requests, CancellationToken cancellationToken)
    {
        if (!await requests.MoveNext(cancellationToken) || requests.Current.PartCase != ImportTenantRequest.PartOneofCase.Tenant)
            throw TaskResException.Invalid("tenant", "the first message must name the tenant to restore as, or leave its name empty.");
        TenantName? restoreAs = requests.Current.Tenant is "" ? null : TenantName.Parse(requests.Current.Tenant, "tenant");
        var restored = await import.ImportAsync(restoreAs, ChunksAsync(requests, cancellationToken), cancellationToken);
        var counts = restored.Counts;
        return new ImportTenantResponse
        {
            Tenant = TenantViews.Of(restored.Tenant),
            Counts = new BackupCounts { Tasks = counts.Tasks, Examples = counts.Examples, Revisions = counts.Revisions, ApiKeys = counts.ApiKeys, AuditRecords = counts.AuditRecords },
            ApiKeysLeftOut = restored.KeysLeftOut,
            EncoderFingerprints = { restored.EncoderFingerprints },
        };
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> ChunksAsync(IAsyncStreamReader<ImportTenantRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await requests.MoveNext(cancellationToken))
        {
            if (requests.Current.PartCase != ImportTenantRequest.PartOneofCase.Chunk) throw TaskResException.Invalid("chunk", "every message after the first must hold a piece of the file.");
            var chunk = requests.Current.Chunk;
            if (chunk.Length > BackupWriter.MaxChunkBytes) throw TaskResException.OverLimit("chunk", chunk.Length, BackupWriter.MaxChunkBytes, "bytes");
            yield return chunk.Memory;
        }
    }
}
