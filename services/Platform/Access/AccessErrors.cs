using TaskRes.Core;
using TaskRes.Platform.Resources;
using TaskRes.V1;
using ErrorReason = TaskRes.Core.ErrorReason;

namespace TaskRes.Platform.Access;

internal static class AccessErrors
{
    /// <summary>One error for all that is wrong with a key or token: which it was helps a thief alone.</summary>
    public static TaskResException Unauthenticated() => new(
        ErrorReason.Unauthenticated, "The key or token is missing, unknown, expired or revoked: send a good one as \"authorization: Bearer …\".");

    public static TaskResException PermissionDenied(Permission permission) => new(
        ErrorReason.PermissionDenied, $"The key or token does not allow this: it needs the permission {permission.ToString().ToLowerInvariant()}.")
    {
        Metadata = new Dictionary<string, string> { ["permission"] = permission.ToString().ToLowerInvariant() },
    };

    public static TaskResException TaskDenied() => new(
        ErrorReason.PermissionDenied, "The key is for some tasks of its tenant alone, and not for this.");

    public static TaskResException TenantNotFound(TenantName tenant) => Of(ErrorReason.TenantNotFound, $"{tenant} does not exist.", "tenant", $"{tenant}");

    public static TaskResException ApiKeyNotFound(ApiKeyName key) => Of(ErrorReason.ApiKeyNotFound, $"{key} does not exist.", "api_key", $"{key}");

    public static TaskResException Suspended(TenantName tenant) =>
        Of(ErrorReason.TenantSuspended, $"{tenant} is suspended, or not restored yet: ask the operator of this service.", "tenant", $"{tenant}");

    private static TaskResException Of(ErrorReason reason, string message, string variable, string value) =>
        new(reason, message) { Metadata = new Dictionary<string, string> { [variable] = value } };
}
