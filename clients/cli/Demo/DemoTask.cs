using System.Text.Json;
using TaskRes.Cli.Files;

namespace TaskRes.Cli.Demo;

/// <summary>A bundled task: what it is about, and its images.</summary>
/// <param name="Name">The task's id.</param>
/// <param name="Description">What a person sees in it.</param>
/// <param name="Train">At least as many images a class as the most shots.</param>
/// <param name="Test">What is classified; no revision is trained on it.</param>
internal sealed record DemoTask(
    string Name, string Description, IReadOnlyList<string> Classes, IReadOnlyList<string> Templates, ClassFolders Train, ClassFolders Test)
{
    public static DemoTask Read(string folder)
    {
        var about = JsonSerializer.Deserialize<About>(File.ReadAllText(Path.Combine(folder, "task.json")), JsonSerializerOptions.Web)!;
        return new DemoTask(
            about.Name,
            about.Description,
            about.Classes,
            about.Templates,
            ClassFolders.Read(Path.Combine(folder, "train")),
            ClassFolders.Read(Path.Combine(folder, "test")));
    }

    private sealed record About(string Name, string Description, string[] Classes, string[] Templates);
}
