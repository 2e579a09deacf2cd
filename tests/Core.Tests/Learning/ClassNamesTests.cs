using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning;

public sealed class ClassNamesTests
{
    public static TheoryData<string[], ErrorReason, string> Faulty => new()
    {
        { [], ErrorReason.InvalidField, "task.class_names" },
        { ["cat"], ErrorReason.InvalidField, "task.class_names" },
        { ["cat", ""], ErrorReason.InvalidField, "task.class_names[1]" },
        { ["cat", " \t"], ErrorReason.InvalidField, "task.class_names[1]" },
        { ["cat", "dog", " cat"], ErrorReason.InvalidField, "task.class_names[2]" },
        { ["cat", "dog", "cow", "hen"], ErrorReason.LimitExceeded, "task.class_names" },
        { ["cat", new string('a', 201)], ErrorReason.LimitExceeded, "task.class_names[1]" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Validate_FaultyList_IsRefusedByField(string[] names, ErrorReason reason, string field)
    {
        var refusal = Assert.Throws<TaskResException>(() => ClassNames.Validate(names, 3, "task.class_names"));

        Assert.Equal((reason, field), (refusal.Reason, refusal.Field));
    }

    [Fact]
    public void Validate_HalfASurrogatePair_IsInvalidField() =>
        Assert.Equal(ErrorReason.InvalidField, Assert.Throws<TaskResException>(() => ClassNames.Validate(["cat", "\ud83d"], 3, "class_names")).Reason);

    [Fact]
    public void Validate_SoundList_Passes() => ClassNames.Validate(["cat", "Cat", "猫 🐈"], 3, "class_names");
}
