using System.ComponentModel.DataAnnotations;
using TaskRes.Platform.Hosting;

namespace TaskRes.Platform.Redis;

/// <summary>The two roles of Redis: the section <c>Redis</c>. One server may have both; two with different settings serve best.</summary>
public sealed class RedisOptions : IValidatableObject
{
    public const string Section = "Redis";

    /// <summary>Connection string (StackExchange.Redis) of the embedding cache. It may lose and evict what it likes.</summary>
    [Required]
    public string Cache { get; set; } = "127.0.0.1:6379";

    /// <summary>Connection string of the registry of tasks, examples, revisions and jobs. It must lose and evict nothing.</summary>
    [Required]
    public string Registry { get; set; } = "127.0.0.1:6379";

    /// <summary>A file that holds the password of <see cref="Cache"/>, in place of one in the connection string.</summary>
    public string CachePasswordPath { get; set; } = "";

    /// <summary>A file that holds the password of <see cref="Registry"/>, in place of one in the connection string.</summary>
    public string RegistryPasswordPath { get; set; } = "";

    /// <summary>How long the cache keeps an embedding after it was computed; from a second to a year.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan CacheTtl { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long the cache may take before a call goes on without it; from a millisecond to 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan CacheTimeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a registry command may take before its call fails; from 0.1 to 60 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan RegistryTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Refuses a registry that does not say, by CONFIG, that it has <c>appendonly yes</c> and <c>maxmemory-policy noeviction</c>.
    /// Turn it off only for a server without CONFIG whose durability you have seen to otherwise.
    /// </summary>
    public bool RequireDurableRegistry { get; set; } = true;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, path) in new[] { (nameof(CachePasswordPath), CachePasswordPath), (nameof(RegistryPasswordPath), RegistryPasswordPath) })
            if (SecretFile.Check(name, path) is { } absent) yield return absent;
    }
}
