using System.Text.Json.Serialization;

namespace TaskRes.Core.Learning;

/// <summary>What a comparison with the base comes to. The values are those of the proto enum.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    [JsonStringEnumMemberName("improves")]
    Improves = 1,

    [JsonStringEnumMemberName("no evidence")]
    NoEvidence = 2,

    [JsonStringEnumMemberName("harms")]
    Harms = 3,

    /// <summary>Nothing to compare on, or too little for any outcome to be significant.</summary>
    [JsonStringEnumMemberName("insufficient evidence")]
    InsufficientEvidence = 4,
}
