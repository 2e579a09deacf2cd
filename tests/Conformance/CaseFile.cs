using System.Text.Json;
using System.Text.Json.Nodes;

namespace TaskRes.Conformance;

/// <summary>The cases that every SDK runs.</summary>
internal sealed record CaseFile(IReadOnlyList<Scenario> Scenarios)
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "cases.json");

    public static CaseFile Load() => JsonSerializer.Deserialize<CaseFile>(File.ReadAllText(Path), JsonSerializerOptions.Web)!;
}

/// <summary>Steps that follow from one another.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Key">The key of its steps; null for the operator's.</param>
/// <param name="WaitForReady">Whether its clients wait for a server.</param>
internal sealed record Scenario(
    [property: System.Text.Json.Serialization.JsonPropertyName("scenario")] string Name, string? Key, bool WaitForReady, IReadOnlyList<Step> Steps);

/// <summary>One call of an SDK.</summary>
/// <param name="Id">Unique in the file; later steps refer to its result as <c>${id.field}</c>.</param>
/// <param name="Call">Its verb.</param>
/// <param name="Args">What it is called with.</param>
/// <param name="Expect">What its result must hold, at least.</param>
/// <param name="Key">The key of this step alone.</param>
/// <param name="TimeoutMs">The deadline of this step alone.</param>
/// <param name="Varies">The fields of the result that differ from SDK to SDK.</param>
internal sealed record Step(string Id, string Call, JsonObject? Args, JsonNode Expect, string? Key, int? TimeoutMs, IReadOnlyList<string>? Varies);
