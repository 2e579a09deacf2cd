using Microsoft.Extensions.Logging.Abstractions;
using TaskRes.AllInOne;

namespace TaskRes.Services.Tests.Platform.Registry;

public sealed class RegistryOnGarnetTests(RegistryOnGarnetTests.Server server) : RegistryContract(server.ConnectionString, durable: false), IClassFixture<RegistryOnGarnetTests.Server>
{
    public sealed class Server : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("taskres-garnet-");
        private readonly EmbeddedRedis _redis;

        public Server() => _redis = EmbeddedRedis.StartRegistry(_folder.FullName, NullLoggerFactory.Instance);

        public string ConnectionString => _redis.ConnectionString;

        public void Dispose()
        {
            _redis.Dispose();
            _folder.Delete(recursive: true);
        }
    }
}
