using System.CommandLine;
using System.Text.Json;
using Grpc.Core;
using TaskRes.Client;
using TaskRes.Core;

namespace TaskRes.Cli.Errors;

/// <summary>What went wrong, as people and scripts are told it.</summary>
/// <param name="Reason">In capitals, as the API names it.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record Failure(string Reason, string Message)
{
    /// <summary>The field, option or tensor at fault.</summary>
    public string? Field { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public double? RetryAfterSeconds { get; init; }

    public static Failure Cancelled { get; } = new("CANCELLED", "Stopped before the end.");

    public static Failure BadUsage(ParseResult parsed)
    {
        var verb = string.Join(' ', Verbs(parsed.CommandResult.Command).Reverse());
        // Beside a word that it does not know, the parser also misses the verb that the word is not.
        var message = parsed.UnmatchedTokens is [var unknown, ..] ? $"'{unknown}' is not known here." : parsed.Errors[0].Message.TrimEnd();
        return new Failure("BAD_USAGE", $"{message} See '{verb} --help'.");
    }

    public static Failure Of(Exception error) => error switch
    {
        TaskResException e => new Failure(Name(e.Reason), e.Message)
        {
            Field = e.Field,
            Metadata = e.Metadata.Count > 0 ? e.Metadata : null,
            RetryAfterSeconds = e.RetryAfter?.TotalSeconds,
        },
        TaskResClientException { Reason: V1.ErrorReason.Unspecified, StatusCode: StatusCode.Unavailable } e =>
            new Failure(Name(e.StatusCode), $"{e.Message} ('taskres up' starts one here; --server URL names another.)"),
        TaskResClientException e => new Failure(e.Reason == V1.ErrorReason.Unspecified ? Name(e.StatusCode) : Name(e.Reason), e.Message)
        {
            Field = e.FieldViolations.Count > 0 ? e.FieldViolations[0].Field : null,
            Metadata = e.Metadata.Count > 0 ? e.Metadata : null,
            RetryAfterSeconds = e.RetryAfter?.TotalSeconds,
        },
        IOException or UnauthorizedAccessException => new Failure("FILE_FAILED", FirstLine(error)),
        _ => new Failure("INTERNAL", $"{error.GetType().Name}: {FirstLine(error)}"),
    };

    /// <summary>QueueFull is QUEUE_FULL.</summary>
    public static string Name<T>(T reason)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseUpper.ConvertName(reason.ToString());

    private static string FirstLine(Exception error) => error.Message.Split('\n')[0].TrimEnd();

    private static IEnumerable<string> Verbs(Command command)
    {
        for (Symbol? symbol = command; symbol is not null; symbol = symbol.Parents.FirstOrDefault())
            yield return symbol is RootCommand ? "taskres" : symbol.Name;
    }
}
