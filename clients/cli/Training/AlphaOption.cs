using System.CommandLine;
using System.Globalization;

namespace TaskRes.Cli.Training;

/// <summary>α: a number, or left to held-out examples.</summary>
/// <param name="Value">Null for the method's own, or where it is chosen.</param>
/// <param name="IsChosen">Whether held-out examples choose it.</param>
internal sealed record Alpha(double? Value, bool IsChosen)
{
    private const string Auto = "auto";

    public static Option<Alpha> CreateOption() => new("--alpha")
    {
        Description = $"Weight of what is learnt, or '{Auto}' to choose it by held-out examples. Default: the method's own, 0.5 for taskres and auto for gda.",
        HelpName = "A",
        DefaultValueFactory = _ => new Alpha(null, false),
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (text == Auto) return new Alpha(null, true);
            if (double.TryParse(text, CultureInfo.InvariantCulture, out var value)) return new Alpha(value, false);
            result.AddError($"--alpha: '{text}' is neither a number such as 0.5 nor '{Auto}'.");
            return null;
        },
    };
}
