using System.ComponentModel.DataAnnotations;

namespace TaskRes.AllInOne;

/// <summary>Where the suite in one process keeps what must survive it. Section <c>Storage</c>.</summary>
internal sealed class SuiteStorageOptions
{
    public const string Section = "Storage";

    /// <summary>A folder that this process alone may use; made where absent.</summary>
    [Required]
    public string Folder { get; set; } = "taskres-data";
}
