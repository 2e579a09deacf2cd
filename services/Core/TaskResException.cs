namespace TaskRes.Core;

/// <summary>
/// The one exception of the domain: a typed reason, a message for people that says what is wrong, where, and what to do,
/// and every variable of the message for programs.
/// </summary>
public sealed class TaskResException : Exception
{
    public TaskResException(ErrorReason reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    public ErrorReason Reason { get; }

    /// <summary>The request field or file part that is at fault, such as <c>task.class_names[3]</c>; null where none is.</summary>
    public string? Field { get; init; }

    /// <summary>The variables of the message by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>How long to wait before the same call may succeed; null where waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static TaskResException Invalid(string field, string message) =>
        new(ErrorReason.InvalidField, $"{field}: {message}") { Field = field };

    public static TaskResException OverLimit(string field, long value, long limit, string unit) =>
        new(ErrorReason.LimitExceeded, $"{field}: {value} {unit} is over the limit of {limit}.")
        {
            Field = field,
            Metadata = new Dictionary<string, string> { ["value"] = $"{value}", ["limit"] = $"{limit}", ["unit"] = unit },
        };
}
