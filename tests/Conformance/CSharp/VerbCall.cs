using System.Text.Json.Nodes;
using TaskRes.Client;

namespace TaskRes.Conformance.CSharp;

/// <summary>A step that is carried out.</summary>
/// <param name="Client">With the step's key.</param>
/// <param name="Args">Filled in.</param>
/// <param name="Id">The step's.</param>
/// <param name="Files">What earlier steps exported, by their ids.</param>
/// <param name="CancellationToken">Ends the run.</param>
internal sealed record VerbCall(TaskResClient Client, JsonObject Args, string Id, Dictionary<string, byte[]> Files, CancellationToken CancellationToken)
{
    public string Text(string name) => Args[name]?.GetValue<string>() ?? "";

    public int Number(string name) => Args[name]?.GetValue<int>() ?? 0;

    public IEnumerable<string> Texts(string name)
    {
        var texts = Args[name]?.AsArray().Select(text => text!.GetValue<string>()).ToList() ?? [];
        var times = Number("times");
        return times == 0 ? texts : Enumerable.Range(0, times).SelectMany(time => texts.Select(text => $"{text} {time}"));
    }

    /// <summary>The files of <c>images</c>, or all below <c>folder</c> by name, <c>repeat</c> times.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Images()
    {
        var paths = Args["folder"] is null
            ? [.. Texts("images")]
            : Directory.EnumerateFiles(Text("folder"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        for (var round = 0; round < Math.Max(1, Number("repeat")); round++)
            foreach (var path in paths) yield return File.ReadAllBytes(path);
    }
}
