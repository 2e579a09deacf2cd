using Spectre.Console;
using TaskRes.Cli.Errors;

namespace TaskRes.Cli.Output;

/// <summary>
/// Where a verb writes. Results go to stdout, as JSON or for people; progress, notes and errors go to stderr, so that
/// stdout may always be piped.
/// </summary>
internal sealed class Screen(bool json)
{
    private readonly Lazy<IAnsiConsole> _progress = new(() =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));

    /// <summary>The verb's one result.</summary>
    public void Result(Func<object> forScripts, Action<IAnsiConsole> forPeople)
    {
        if (json) Console.Out.WriteLine(Json.Text(forScripts()));
        else forPeople(AnsiConsole.Console);
    }

    /// <summary>A part of the result that people may see before the rest; scripts get it with the rest.</summary>
    public void Part(Action<IAnsiConsole> forPeople)
    {
        if (!json) forPeople(AnsiConsole.Console);
    }

    /// <summary>A line beside the result, for people alone.</summary>
    public static void Note(string line) => Console.Error.WriteLine(line);

    /// <summary>Runs work that reports how far it is; a bar shows it where somebody watches.</summary>
    /// <param name="what">The work, until it says itself what it does.</param>
    /// <param name="clear">Whether the bar goes when the work is done.</param>
    public async Task<T> ProgressAsync<T>(string what, Func<IProgress<Step>, Task<T>> work, bool clear = false)
    {
        if (!_progress.Value.Profile.Capabilities.Interactive || Console.IsErrorRedirected) return await work(new Unwatched());
        return await _progress.Value.Progress()
            .AutoClear(clear)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 30 }, new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(bars => work(new Bar(bars.AddTask(Markup.Escape(what)))));
    }

    public void Error(Failure failure)
    {
        if (json) Console.Out.WriteLine(Json.Text(new { error = failure }));
        Console.Error.WriteLine($"taskres: {failure.Reason}: {failure.Message}");
    }

    private sealed class Unwatched : IProgress<Step>
    {
        public void Report(Step value)
        {
        }
    }

    private sealed class Bar(ProgressTask task) : IProgress<Step>
    {
        public void Report(Step value)
        {
            if (value.What is not null) task.Description = Markup.Escape(value.What);
            task.MaxValue = Math.Max(1, value.Total);
            task.Value = value.Done;
        }
    }
}
