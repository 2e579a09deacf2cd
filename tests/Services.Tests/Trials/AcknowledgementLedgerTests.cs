using TaskRes.Trials.Ledger;

namespace TaskRes.Services.Tests.Trials;

public sealed class AcknowledgementLedgerTests
{
    private const string Name = "tenants/a/tasks/b";

    private readonly AcknowledgementLedger _ledger = new();

    public AcknowledgementLedgerTests()
    {
        _ledger.Created(Name, "zero");
        _ledger.Added(Name, "x");
        _ledger.Added(Name, "y");
        _ledger.Published(Name, "one");
        _ledger.Promoted(Name, "one");
    }

    [Fact]
    public void Losses_AllThere_AreNone() => Assert.Empty(Losses(new TaskSeen("one", Set("x", "y", "not acknowledged"), Set("zero", "one", "two"))));

    [Fact]
    public void Losses_TaskGone_NameIt() => Assert.Equal([$"{Name} is lost"], Losses(null));

    [Fact]
    public void Losses_ExampleGone_NameIt() => Assert.Equal([$"example y of {Name} is lost"], Losses(new TaskSeen("one", Set("x"), Set("zero", "one"))));

    [Fact]
    public void Losses_RevisionGone_NameIt() => Assert.Equal(["one is lost"], Losses(new TaskSeen("one", Set("x", "y"), Set("zero"))));

    [Fact]
    public void Losses_PromotionUndone_NameIt() => Assert.Contains("should be one", Assert.Single(Losses(Seen("zero"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("one", 0)]
    [InlineData("two", 0)]
    [InlineData("zero", 1)]
    public void Losses_PromotionUnanswered_EitherMayBeLive(string live, int losses)
    {
        _ledger.Promoting(Name, "two");
        Assert.Equal(losses, Losses(Seen(live)).Count);
    }

    [Fact]
    public void Losses_DeletedTaskThere_NameIt()
    {
        _ledger.Deleted(Name);
        Assert.Empty(Losses(null));
        Assert.Equal([$"{Name} was deleted and is there"], Losses(Seen("one")));
    }

    private static TaskSeen Seen(string live) => new(live, Set("x", "y"), Set("zero", "one"));

    private static HashSet<string> Set(params string[] values) => [.. values];

    private IReadOnlyList<string> Losses(TaskSeen? seen) => _ledger.Losses(seen is null ? new Dictionary<string, TaskSeen>() : new Dictionary<string, TaskSeen> { [Name] = seen });
}
