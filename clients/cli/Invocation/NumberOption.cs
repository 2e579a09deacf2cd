using System.CommandLine;
using System.Globalization;

namespace TaskRes.Cli.Invocation;

/// <summary>Options of numbers, written with a point whatever the machine's culture, and refused in plain words.</summary>
internal static class NumberOption
{
    public static Option<int?> Whole(string name, string description) => Create<int>(name, description, "a whole number");

    public static Option<long?> Long(string name, string description) => Create<long>(name, description, "a whole number");

    public static Option<ulong?> Unsigned(string name, string description) => Create<ulong>(name, description, "a whole number from 0");

    public static Option<double?> Real(string name, string description) => Create<double>(name, description, "a number such as 0.5");

    private static Option<T?> Create<T>(string name, string description, string kind)
        where T : struct, ISpanParsable<T> =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (T.TryParse(text, CultureInfo.InvariantCulture, out var value)) return value;
                result.AddError($"{name}: '{text}' is not {kind}.");
                return null;
            },
        };
}
