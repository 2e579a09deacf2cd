using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning;

public sealed class TrainingSettingsTests
{
    public static TheoryData<TrainingSettings, string> Faulty => new()
    {
        { new() { Method = "magic" }, "settings.method" },
        { new() { Alpha = -0.1 }, "settings.alpha" },
        { new() { Alpha = double.NaN }, "settings.alpha" },
        { new() { Epochs = 0 }, "settings.epochs" },
        { new() { Epochs = 10_001 }, "settings.epochs" },
        { new() { LearningRate = double.PositiveInfinity }, "settings.learning_rate" },
        { new() { WeightDecay = -1 }, "settings.weight_decay" },
        { new() { BatchSize = 0 }, "settings.batch_size" },
        { new() { WarmupLearningRate = 0 }, "settings.warmup_learning_rate" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Validate_SettingOutOfRange_IsInvalidFieldByName(TrainingSettings settings, string field)
    {
        var refusal = Assert.Throws<TaskResException>(settings.Validate);

        Assert.Equal((ErrorReason.InvalidField, field), (refusal.Reason, refusal.Field));
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(4, 100)]
    [InlineData(5, 200)]
    [InlineData(16, 200)]
    public void EpochsFor_Shots_AreThePapers(int shots, int epochs) => Assert.Equal(epochs, new TrainingSettings().EpochsFor(shots));

    [Fact]
    public void Validate_Defaults_Pass() => new TrainingSettings().Validate();
}
