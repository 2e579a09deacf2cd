namespace TaskRes.Core;

/// <summary>
/// Why a request or a file was refused. One list for the whole product: the enum of <c>protos/taskres/v1/errors.proto</c>
/// has the same members, and a contract test keeps the two alike.
/// </summary>
public enum ErrorReason
{
    /// <summary>A fault of ours; the message carries no detail, the log does.</summary>
    Internal = 1,

    /// <summary>A field is missing, malformed or out of its range.</summary>
    InvalidField = 2,

    /// <summary>A field is well formed but over a published limit.</summary>
    LimitExceeded = 3,

    /// <summary>The image is empty, truncated, damaged, or not an image.</summary>
    ImageUnreadable = 4,

    /// <summary>The image is over the limit of bytes, pixels or aspect ratio.</summary>
    ImageTooLarge = 5,

    /// <summary>Only a digest was sent and its embedding is not known here: send the bytes.</summary>
    ImageBytesRequired = 6,

    /// <summary>A model file or folder is missing, or a part of it is.</summary>
    CheckpointNotFound = 7,

    /// <summary>A model file is damaged: lengths, overlaps, types or shapes in its header do not hold.</summary>
    CheckpointCorrupt = 8,

    /// <summary>A model file is sound but of a kind that is not read (a pickled state dict, for one).</summary>
    CheckpointUnsupported = 9,

    /// <summary>Tensors are missing, extra or misshapen for the architecture; all are listed.</summary>
    CheckpointMismatch = 10,

    /// <summary>The tokenizer files are missing, malformed, or do not fit the model.</summary>
    TokenizerInvalid = 11,

    /// <summary>Features hold NaN or infinity, or their dimension does not match.</summary>
    FeaturesInvalid = 12,

    /// <summary>An example names a class that the task does not have.</summary>
    UnknownLabel = 13,

    TaskNotFound = 14,
    TaskAlreadyExists = 15,
    RevisionNotFound = 16,
    JobNotFound = 17,

    /// <summary>The task has nothing to serve yet: train it and promote a revision.</summary>
    NoLiveRevision = 18,

    /// <summary>The task lacks the examples that the call needs.</summary>
    NoExamples = 19,

    /// <summary>A residual was trained on another encoder than the one in use.</summary>
    EncoderMismatch = 20,

    /// <summary>A stored value or an imported file fails its checksum, its schema, or holds values that are not finite.</summary>
    RevisionCorrupt = 21,

    /// <summary>Somebody else changed the resource first: read it again and retry.</summary>
    Conflict = 22,

    /// <summary>A bounded queue is full: wait as RetryInfo says and retry.</summary>
    QueueFull = 23,

    RegistryUnavailable = 24,
    EncoderUnavailable = 25,
    DeadlineExceeded = 26,
    Cancelled = 27,

    /// <summary>The service is stopping: retry on another replica.</summary>
    ShuttingDown = 28,

    /// <summary>The device or library that was asked for is not on this machine.</summary>
    DeviceUnavailable = 29,

    /// <summary>No key or token was sent, or it is not known, has expired, or was revoked.</summary>
    Unauthenticated = 30,

    /// <summary>The key or token is good, and does not allow this.</summary>
    PermissionDenied = 31,

    TenantNotFound = 32,
    TenantAlreadyExists = 33,

    /// <summary>An operator has suspended the tenant, or it is being deleted.</summary>
    TenantSuspended = 34,

    ApiKeyNotFound = 35,

    /// <summary>The tenant is over its rate or its share: wait as RetryInfo says and retry.</summary>
    QuotaExceeded = 36,

    /// <summary>The method needs what the task, or the machine, does not have.</summary>
    MethodNotApplicable = 37,

    /// <summary>Held-out examples say that the revision is worse than the base: force it, or leave it.</summary>
    RevisionHarms = 38,
}
