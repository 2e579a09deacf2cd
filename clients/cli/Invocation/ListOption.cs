using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace TaskRes.Cli.Invocation;

/// <summary>Options of several values with commas between them.</summary>
internal static class ListOption
{
    public static Option<string[]> Names(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => Parts(result) is { Length: > 0 } parts ? parts : Refused<string>(result, $"{name}: give names with commas between them."),
    };

    public static Option<T[]> Numbers<T>(string name, string description, T least)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = "N,N",
            CustomParser = result =>
            {
                var numbers = new List<T>();
                foreach (var part in Parts(result))
                {
                    if (!T.TryParse(part, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) || number < least)
                        return Refused<T>(result, string.Create(CultureInfo.InvariantCulture, $"{name}: '{part}' is not a whole number from {least}."));
                    numbers.Add(number);
                }

                return numbers.Count > 0 ? [.. numbers.Distinct()] : Refused<T>(result, $"{name}: give numbers with commas between them.");
            },
        };

    private static string[] Parts(ArgumentResult result) =>
        result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static T[] Refused<T>(ArgumentResult result, string why)
    {
        result.AddError(why);
        return [];
    }
}
