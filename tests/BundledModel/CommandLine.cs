using System.CommandLine;
using TaskRes.BundledModel.Training;

namespace TaskRes.BundledModel;

/// <summary>The verbs of the tool.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] args) => new RootCommand("Makes the bundled model and its demo tasks.")
    {
        Train(),
    }.Parse(args).InvokeAsync();

    private static Command Train()
    {
        var work = new Option<string>("--work") { Description = "Folder of the training state, the tokenizer and the log", DefaultValueFactory = _ => "artifacts/bundled-model" };
        var steps = new Option<int>("--steps") { Description = "Steps in all; a resumed run may change it", DefaultValueFactory = _ => 2600 };
        var batch = new Option<int>("--batch") { Description = "Emoji a step", DefaultValueFactory = _ => 256 };
        var rate = new Option<double>("--learning-rate") { Description = "The highest learning rate", DefaultValueFactory = _ => 1e-3 };
        var seed = new Option<int>("--seed") { Description = "Decides the first weights, the renders and the captions", DefaultValueFactory = _ => 1 };
        var command = new Command("train", "Trains, going on from the state in the work folder") { work, steps, batch, rate, seed };
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = new TrainingOptions
            {
                WorkFolder = parsed.GetValue(work)!,
                Steps = parsed.GetValue(steps),
                BatchSize = parsed.GetValue(batch),
                LearningRate = parsed.GetValue(rate),
                Seed = parsed.GetValue(seed),
            };
            return Task.Run(() => new TrainingRun(options, new SourceFiles(), TimeProvider.System).Run(cancellationToken), CancellationToken.None);
        });
        return command;
    }
}
