using TaskRes.Services.Tests.Support;

namespace TaskRes.Services.Tests.Trainer;

/// <summary>One trainer for all tests that disturb neither it nor each other: each has tenants of its own.</summary>
public sealed class TrainerFixture : IAsyncLifetime
{
    private RedisServer? _redis;
    private TrainerUnderTest? _trainer;

    internal TrainerUnderTest Trainer => _trainer!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _trainer = await TrainerUnderTest.StartAsync(_redis);
    }

    public async ValueTask DisposeAsync()
    {
        if (_trainer is not null) await _trainer.DisposeAsync();
        _redis?.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class TrainerCollection : ICollectionFixture<TrainerFixture>
{
    public const string Name = "trainer";
}
