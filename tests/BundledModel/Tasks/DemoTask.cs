using SkiaSharp;

namespace TaskRes.BundledModel.Tasks;

/// <summary>A classification problem to show.</summary>
/// <param name="Name">Also the folder's.</param>
/// <param name="Description">One sentence for people.</param>
/// <param name="Templates">Prompts with one <c>{}</c>.</param>
/// <param name="Classes">In the order of the labels.</param>
internal sealed record DemoTask(string Name, string Description, IReadOnlyList<string> Templates, IReadOnlyList<DemoClass> Classes);

/// <param name="Name">As the text tower reads it.</param>
/// <param name="Render">Draws a new image of it.</param>
internal sealed record DemoClass(string Name, Func<Random, SKBitmap> Render);
