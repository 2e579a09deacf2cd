using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace TaskRes.Cli.Invocation;

/// <summary>Options of numbers, written with a point whatever the machine's culture, and refused in plain words.</summary>
internal static class NumberOption
{
    public static Option<int?> Whole(string name, string description, int least = int.MinValue) =>
        Create(name, description, least, least == int.MinValue ? "a whole number" : $"a whole number from {least}");

    public static Option<long?> Long(string name, string description) => Create(name, description, long.MinValue, "a whole number");

    public static Option<ulong?> Unsigned(string name, string description) => Create(name, description, ulong.MinValue, "a whole number from 0");

    public static Option<double?> Real(string name, string description) => Create(name, description, double.MinValue, "a number such as 0.5");

    private static Option<T?> Create<T>(string name, string description, T least, string kind)
        where T : struct, INumber<T> =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (T.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least) return value;
                result.AddError($"{name}: '{text}' is not {kind}.");
                return null;
            },
        };
}
