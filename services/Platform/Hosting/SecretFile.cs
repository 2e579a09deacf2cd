using System.ComponentModel.DataAnnotations;

namespace TaskRes.Platform.Hosting;

/// <summary>A secret in a file of its own, as Docker and Kubernetes hand it out.</summary>
internal static class SecretFile
{
    /// <summary>Its text without the space around it; null where there is no such file, which <see cref="Check"/> tells.</summary>
    public static string? Read(string path) => path.Length > 0 && File.Exists(path) ? File.ReadAllText(path).Trim() : null;

    /// <param name="name">Of the setting.</param>
    public static ValidationResult? Check(string name, string path) =>
        path.Length == 0 || File.Exists(path) ? ValidationResult.Success : new ValidationResult($"there is no file '{path}'.", [name]);
}
