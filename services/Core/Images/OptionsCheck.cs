using System.ComponentModel.DataAnnotations;

namespace TaskRes.Core.Images;

/// <summary>Holds options to the ranges that their attributes state, and to what attributes cannot say.</summary>
internal static class OptionsCheck
{
    public static void Validate(PreprocessOptions options, Func<string, string, TaskResException> error)
    {
        CheckRanges(options, error);
        if (!options.Mean.All(float.IsFinite)) throw error(nameof(options.Mean), "has a value that is not finite");
        if (!options.Std.All(value => float.IsFinite(value) && value > 0)) throw error(nameof(options.Std), "has a value that is not above 0");
    }

    public static void Validate(ImageLimits limits, Func<string, string, TaskResException> error) => CheckRanges(limits, error);

    private static void CheckRanges(object options, Func<string, string, TaskResException> error)
    {
        var faults = new List<ValidationResult>();
        if (Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true)) return;
        throw error(faults[0].MemberNames.First(), $"is out of range ({faults[0].ErrorMessage?.TrimEnd('.')})");
    }
}
