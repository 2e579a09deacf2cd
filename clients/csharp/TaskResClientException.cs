using Grpc.Core;
using TaskRes.V1;

namespace TaskRes.Client;

/// <summary>A call that the server refused, or that could not reach it. The message says what is wrong and what to do.</summary>
public sealed class TaskResClientException : Exception
{
    internal TaskResClientException(StatusCode statusCode, ErrorReason reason, string message, Exception? inner)
        : base(message, inner)
    {
        StatusCode = statusCode;
        Reason = reason;
    }

    /// <summary>Why, as the server says; unspecified where no TaskRes server answered.</summary>
    public ErrorReason Reason { get; }

    /// <summary>The status of the call as gRPC has it.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>The fields of the request that are at fault.</summary>
    public IReadOnlyList<FieldViolation> FieldViolations { get; internal init; } = [];

    /// <summary>The variables of the message by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; internal init; } = new Dictionary<string, string>();

    /// <summary>How long to wait before the same call may succeed; null where waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; internal init; }
}

/// <summary>A field of a request, such as <c>task.class_names[3]</c>, and what is wrong with it.</summary>
public sealed record FieldViolation(string Field, string Description);
