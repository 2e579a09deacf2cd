using System.Text.Json;
using SkiaSharp;
using TaskRes.BundledModel.Export;

namespace TaskRes.BundledModel.Tasks;

/// <summary>A task on disk: <c>task.json</c>, and <c>train</c> and <c>test</c> with a folder of images for each class.</summary>
internal sealed record TaskFolder(string Path, TaskDescription Description)
{
    public const int TrainImages = 16, TestImages = 20;

    private const string FileName = "task.json";
    private const int WebPQuality = 90;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static void Write(DemoTask task, string folder, int seed)
    {
        for (var index = 0; index < task.Classes.Count; index++)
        {
            var random = new Random(seed * 1000 + index);
            foreach (var (split, count) in (ReadOnlySpan<(string, int)>)[("train", TrainImages), ("test", TestImages)])
            {
                var images = Directory.CreateDirectory(System.IO.Path.Combine(folder, split, task.Classes[index].Name));
                for (var image = 0; image < count; image++)
                {
                    using var bitmap = task.Classes[index].Render(random);
                    using var file = File.Create(System.IO.Path.Combine(images.FullName, $"{image:00}.webp"));
                    bitmap.Encode(file, SKEncodedImageFormat.Webp, WebPQuality);
                }
            }
        }
        JsonOutput.Write(folder, FileName, new
        {
            name = task.Name,
            description = task.Description,
            classes = task.Classes.Select(one => one.Name),
            templates = task.Templates,
        });
    }

    public static TaskFolder Read(string folder) =>
        new(folder, JsonSerializer.Deserialize<TaskDescription>(File.ReadAllBytes(System.IO.Path.Combine(folder, FileName)), Json)!);

    /// <summary>The images of one half with their labels, class after class; at most so many of each.</summary>
    public IEnumerable<(ReadOnlyMemory<byte> Image, int Label)> Images(string split, int mostPerClass) =>
        Description.Classes.SelectMany((name, label) => Directory
            .GetFiles(System.IO.Path.Combine(Path, split, name)).Order(StringComparer.Ordinal).Take(mostPerClass)
            .Select(file => (new ReadOnlyMemory<byte>(File.ReadAllBytes(file)), label)));
}

internal sealed record TaskDescription(string Name, string Description, IReadOnlyList<string> Classes, IReadOnlyList<string> Templates);
