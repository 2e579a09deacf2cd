using TaskRes.Services.Tests.Platform.Registry;

namespace TaskRes.Services.Tests.Trainer.Backup;

public sealed class BackupOnRedisTests(RegistryOnRedisTests.Server server) : BackupContract(server.ConnectionString, durable: true), IClassFixture<RegistryOnRedisTests.Server>;

public sealed class BackupOnGarnetTests(RegistryOnGarnetTests.Server server) : BackupContract(server.ConnectionString, durable: false), IClassFixture<RegistryOnGarnetTests.Server>;
