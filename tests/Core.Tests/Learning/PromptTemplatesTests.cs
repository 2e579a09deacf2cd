using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning;

public sealed class PromptTemplatesTests
{
    [Theory]
    [InlineData("a photo of a {}.", "stop_sign", true, "a photo of a stop sign.")]
    [InlineData("a photo of a {}.", "stop_sign", false, "a photo of a stop_sign.")]
    [InlineData("{} texture.", "{}", true, "{} texture.")]
    public void Render_Name_TakesThePlaceOfTheBraces(string template, string name, bool spaces, string prompt) =>
        Assert.Equal(prompt, PromptTemplates.Render(template, name, spaces));

    [Theory]
    [InlineData("")]
    [InlineData("a photo")]
    [InlineData("a {} of a {}")]
    [InlineData("a { }")]
    public void Render_TemplateWithoutExactlyOnePlace_IsInvalidField(string template) =>
        Assert.Equal(ErrorReason.InvalidField, Assert.Throws<TaskResException>(() => PromptTemplates.Render(template, "cat")).Reason);

    [Fact]
    public void Validate_TooLong_IsLimitExceeded() =>
        Assert.Equal(ErrorReason.LimitExceeded, Assert.Throws<TaskResException>(() => PromptTemplates.Validate(new string('a', 300) + "{}", "templates[0]")).Reason);

    [Fact]
    public void ByDataset_EveryTemplate_IsValid()
    {
        Assert.Equal(8, PromptTemplates.ByDataset["imagenet"].Count);
        Assert.Equal("a photo of a cat, a type of pet.", PromptTemplates.Render(PromptTemplates.ByDataset["OxfordPets"].Single(), "cat"));
        Assert.All(PromptTemplates.ByDataset.SelectMany(dataset => dataset.Value), template => PromptTemplates.Validate(template, "template"));
    }
}
