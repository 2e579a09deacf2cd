using Google.Protobuf;
using Grpc.Core;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;
using TaskRes.V1;
using ErrorReason = TaskRes.V1.ErrorReason;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Services.Tests.Trainer;

[Collection(TrainerCollection.Name)]
public sealed class ExampleTests(TrainerFixture fixture)
{
    private readonly TrainerUnderTest _trainer = fixture.Trainer;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddExamples_SoundAndBadMixed_TakesTheSoundAndNamesTheBad()
    {
        var task = await _trainer.CreateAsync();
        Example[] examples =
        [
            TrainerUnderTest.Shot("red", 1),
            new() { Sequence = 2, ClassName = "grene", Image = TrainerUnderTest.Shot("green", 2).Image },
            new() { Sequence = 3, ClassName = "green", Image = new Image { Content = ByteString.CopyFromUtf8("no image") } },
            new() { Sequence = 4, ClassName = "green", Image = new Image { Sha256 = ByteString.CopyFrom(new byte[32]) } },
            new() { Sequence = 5, ClassName = "green", Image = new Image { Content = ByteString.Empty } },
            new() { Sequence = 6, ClassName = "green" },
            TrainerUnderTest.Shot("blue", 7),
        ];

        var response = await _trainer.AddAsync(task.Name, views: 2, examples);

        Assert.Equal((2, 5), (response.Added, response.Failed));
        Assert.Equal(
            [(2L, ErrorReason.UnknownLabel), (3L, ErrorReason.ImageUnreadable), (4L, ErrorReason.ImageBytesRequired), (5L, ErrorReason.ImageUnreadable), (6L, ErrorReason.InvalidField)],
            response.Errors.Select(error => (error.Sequence, error.Error.Reason)).Order());
        Assert.Equal("green", response.Errors.Single(error => error.Sequence == 2).Error.Metadata["nearest"]);
        var counts = (await _trainer.Client.GetTaskAsync(new GetTaskRequest { Name = task.Name }, cancellationToken: Cancellation)).ExamplesPerClass;
        Assert.Equal([1, 0, 1], counts);
        var stored = await _trainer.Registry.ReadExamplesAsync(TaskName.Parse(task.Name, "task"), Cancellation);
        Assert.All(stored, example => Assert.Equal(3, example.Views.Count));
    }

    [Fact]
    public async Task AddExamples_Again_TellsUnchangedReplacedAndAdded()
    {
        var task = await _trainer.CreateAsync();
        await _trainer.AddAsync(task.Name, views: 1, TrainerUnderTest.Shot("red", 0), TrainerUnderTest.Shot("red", 1));
        var relabelled = TrainerUnderTest.Shot("red", 1);
        relabelled.ClassName = "blue";

        var response = await _trainer.AddAsync(task.Name, views: 0, TrainerUnderTest.Shot("red", 0), relabelled, TrainerUnderTest.Shot("red", 2));

        Assert.Equal((1, 1, 1, 0), (response.Added, response.Unchanged, response.Replaced, response.Failed));
    }

    [Fact]
    public async Task AddExamples_ByDigestOfAKnownImage_NeedsNoBytes()
    {
        var task = await _trainer.CreateAsync();
        var shot = TrainerUnderTest.Shot("red", 9);
        await _trainer.AddAsync(task.Name, views: 1, shot);
        var byDigest = new Example { ClassName = "green", Image = new Image { Sha256 = ByteString.CopyFrom(System.Security.Cryptography.SHA256.HashData(shot.Image.Content.Span)) } };

        var response = await _trainer.AddAsync(task.Name, views: 1, byDigest);

        Assert.Equal((1, 0), (response.Replaced, response.Failed));
    }

    [Fact]
    public async Task AddExamples_ByDigestOfAnImageWhoseViewsAreNotKnown_AsksForItsBytesAndTakesThem()
    {
        var task = await _trainer.CreateAsync();
        var shot = TrainerUnderTest.Shot("red", 10);
        await _trainer.AddAsync(task.Name, views: 0, shot);
        var byDigest = new Example { Sequence = 3, ClassName = "red", Image = new Image { Sha256 = ByteString.CopyFrom(System.Security.Cryptography.SHA256.HashData(shot.Image.Content.Span)) } };

        var asked = await _trainer.AddAsync(task.Name, views: 2, byDigest);
        var sent = await _trainer.AddAsync(task.Name, views: 2, shot);
        var again = await _trainer.AddAsync(task.Name, views: 2, byDigest);

        Assert.Equal((3L, ErrorReason.ImageBytesRequired), (asked.Errors.Single().Sequence, asked.Errors.Single().Error.Reason));
        Assert.Equal((1, 1), (sent.Replaced, again.Unchanged));
    }

    [Fact]
    public async Task AddExamples_MoreBadThanAreListed_CountsAll()
    {
        var task = await _trainer.CreateAsync();

        var response = await _trainer.AddAsync(task.Name, views: 0, [.. Enumerable.Range(0, 1005).Select(i => new Example { Sequence = i, ClassName = "unknown" })]);

        Assert.Equal((1005, 1000), (response.Failed, response.Errors.Count));
    }

    [Fact]
    public async Task AddExamples_WithoutHeader_IsRefused() =>
        await Refused.WithAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => _trainer.SendAsync(new AddExamplesRequest { Example = TrainerUnderTest.Shot("red", 0) }));

    [Fact]
    public async Task AddExamples_WithASecondHeader_IsRefused()
    {
        var task = await _trainer.CreateAsync();
        var header = new AddExamplesRequest { Header = new AddExamplesHeader { Task = task.Name } };

        await Refused.WithAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => _trainer.SendAsync(header, header));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(33)]
    public async Task AddExamples_WithViewsOutOfRange_IsRefused(int views)
    {
        var task = await _trainer.CreateAsync();

        await Refused.WithAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => _trainer.AddAsync(task.Name, views));
    }

    [Fact]
    public async Task AddExamples_ToNoTask_IsRefused() =>
        await Refused.WithAsync(StatusCode.NotFound, "TASK_NOT_FOUND", () => _trainer.AddAsync($"{TrainerUnderTest.NewTenant()}/tasks/none", views: 0));

    [Fact]
    public async Task AddExamples_ToATaskOfAnotherEncoder_IsRefused()
    {
        var name = TaskName.Parse($"{TrainerUnderTest.NewTenant()}/tasks/old", "task");
        await _trainer.Registry.CreateTaskAsync(
            new TaskRecord
            {
                Name = name,
                ClassNames = TrainerUnderTest.Colours,
                Templates = [],
                BaseKind = TaskRes.Core.Learning.BaseKind.ClassMean,
                EncoderFingerprint = "another",
                ZeroShotRevision = null,
                CreateTime = DateTimeOffset.UnixEpoch,
            },
            Cancellation);

        var info = await Refused.WithAsync(StatusCode.FailedPrecondition, "ENCODER_MISMATCH", () => _trainer.AddAsync($"{name}", views: 0, TrainerUnderTest.Shot("red", 0)));

        Assert.Equal("another", info.Metadata["expected"]);
    }
}
