using TaskRes.Core;
using TaskRes.V1;

namespace TaskRes.Cli.Errors;

/// <summary>Errors that come inside of answers, as the exceptions they are. The two lists of reasons have the same numbers.</summary>
internal static class ItemErrors
{
    public static TaskResException Exception(ItemError error, string what) =>
        new((Core.ErrorReason)(int)error.Reason, $"{what}: {error.Message}")
        {
            Field = error.Field.Length > 0 ? error.Field : null,
            Metadata = new Dictionary<string, string>(error.Metadata),
        };
}
