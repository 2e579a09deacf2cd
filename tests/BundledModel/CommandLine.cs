using System.CommandLine;
using TaskRes.BundledModel.Emojis;
using TaskRes.BundledModel.Evaluation;
using TaskRes.BundledModel.Export;
using TaskRes.BundledModel.Rendering;
using TaskRes.BundledModel.Tasks;
using TaskRes.BundledModel.Training;

namespace TaskRes.BundledModel;

/// <summary>The verbs of the tool.</summary>
internal static class CommandLine
{
    private const string Bundled = "services/AllInOne/Bundled";

    private static readonly SourceFiles Sources = new();

    private static readonly Option<string> Work = Option("--work", "Folder of the training state, the tokenizer and the log", "artifacts/bundled-model");
    private static readonly Option<string> Model = Option("--model", "Folder of the model", $"{Bundled}/model");
    private static readonly Option<string> Tasks = Option("--tasks", "Folder of the demo tasks", $"{Bundled}/tasks");

    public static Task<int> RunAsync(string[] args) =>
        new RootCommand("Makes the bundled model and its demo tasks.") { Train(), Export(), RenderTasks(), Evaluate() }.Parse(args).InvokeAsync();

    private static Command Train()
    {
        var defaults = new TrainingOptions { WorkFolder = "" };
        var steps = Option("--steps", "Steps in all; a resumed run may change it", defaults.Steps);
        var batch = Option("--batch", "Emoji a step", defaults.BatchSize);
        var rate = Option("--learning-rate", "The highest learning rate", defaults.LearningRate);
        var seed = Option("--seed", "Decides the first weights, the renders and the captions", defaults.Seed);
        var command = new Command("train", "Trains, going on from the state in the work folder") { Work, steps, batch, rate, seed };
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = new TrainingOptions
            {
                WorkFolder = parsed.GetRequiredValue(Work),
                Steps = parsed.GetRequiredValue(steps),
                BatchSize = parsed.GetRequiredValue(batch),
                LearningRate = parsed.GetRequiredValue(rate),
                Seed = parsed.GetRequiredValue(seed),
            };
            return Task.Run(() => new TrainingRun(options, Sources, TimeProvider.System).Run(cancellationToken), CancellationToken.None);
        });
        return command;
    }

    private static Command Export()
    {
        var textScale = Option("--text-scale", "Multiplies the text projection, which changes no cosine", 0.08);
        var command = new Command("export", "Writes the model as it stands in the work folder") { Work, Model, textScale };
        command.SetAction(parsed => ModelFolder.Write(parsed.GetRequiredValue(Work), parsed.GetRequiredValue(Model), parsed.GetRequiredValue(textScale)));
        return command;
    }

    private static Command RenderTasks()
    {
        var seed = Option("--seed", "Decides the scenes", 1);
        var command = new Command("render-tasks", "Renders the images of the demo tasks") { Tasks, seed };
        command.SetAction(parsed =>
        {
            using var emojis = new GlyphSprites(Sources.EmojiFont);
            using var outlines = new GlyphSprites(Sources.OutlineFont);
            var split = EmojiSplit.Of(EmojiList.Read(Sources.EmojiTest));
            foreach (var task in new DemoTasks(split, emojis, outlines).All)
                TaskFolder.Write(task, Path.Combine(parsed.GetRequiredValue(Tasks), task.Name), parsed.GetRequiredValue(seed));
        });
        return command;
    }

    private static Command Evaluate()
    {
        var command = new Command("evaluate", "Prints the figures of the model card") { Model, Tasks };
        command.SetAction(parsed =>
            ModelReport.Write(parsed.GetRequiredValue(Model), parsed.GetRequiredValue(Tasks), Sources, TimeProvider.System, Console.Out));
        return command;
    }

    private static Option<T> Option<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
