using Microsoft.Extensions.Logging.Abstractions;
using TaskRes.AllInOne;

namespace TaskRes.Services.Tests.Platform.Registry;

public sealed class RegistryOnGarnetTests(RegistryOnGarnetTests.Server server) : RegistryContract(server.ConnectionString, durable: false), IClassFixture<RegistryOnGarnetTests.Server>
{
    public sealed class Server : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("taskres-garnet-");
        private readonly EmbeddedRedis redis;

        public Server() => redis = EmbeddedRedis.StartRegistry(folder.FullName, NullLoggerFactory.Instance);

        public string ConnectionString => redis.ConnectionString;

        public void Dispose()
        {
            redis.Dispose();
            folder.Delete(recursive: true);
        }
    }
}
