using System.Globalization;
using Spectre.Console;
using TaskRes.Cli.Server;

namespace TaskRes.Cli.Demo;

/// <summary>The demo as people read it, in 80 columns.</summary>
internal static class DemoText
{
    private const int BarWidth = 25;

    public static void WriteBeginning(IAnsiConsole console)
    {
        console.MarkupLine("[bold]TaskRes[/]: image classifiers of your own from a few labelled images.");
        console.MarkupLine("[dim]All of it runs in this process, offline, on a small CLIP that knows only emoji.[/]");
    }

    public static void Write(IAnsiConsole console, DemoResult result)
    {
        console.WriteLine();
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{result.Task.Name}[/]  {result.Task.Classes.Count} classes, {result.First.Images} test images");
        console.MarkupLineInterpolated($"[dim]{result.Task.Description}[/]");
        console.Write(new Padder(Table(console, result), new Padding(2, 1, 0, 1)));
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  {result.First.ImagesPerSecond:N0} images/s; {result.Second.ImagesPerSecond:N0} images/s on a second pass, {result.CacheHits} of {result.Second.Images} from the cache.");
        if (result.Runs.Any(run => run.Accuracy < result.Runs[0].Accuracy))
            console.MarkupLine("  [dim]A few pictures can say less than a name: evaluate before you promote.[/]");
    }

    public static void WriteEnd(IAnsiConsole console, double seconds)
    {
        console.WriteLine();
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]Done in {seconds:0.0} s.[/] What to type next:");
        WriteNext(console, $"your own suite, until Ctrl-C; its JSON API is at http://127.0.0.1:{UpVerb.UsualPort + 1}", "up");
        WriteNext(console, "your own classifier, in another terminal; FOLDER holds folders cat and dog", "task create pets --classes cat,dog", "train pets FOLDER", "classify pets IMAGE");
        WriteNext(console, "real weights, for photographs", "models pull openai/clip-vit-base-patch32", "up --model openai/clip-vit-base-patch32");
        console.WriteLine();
        console.MarkupLine("[dim]In a checkout, taskres is: dotnet run --project clients/cli --[/]");
    }

    private static Table Table(IAnsiConsole console, DemoResult result)
    {
        var table = new Table().Border(TableBorder.None);
        table.AddColumns(Heading("images a class"), Heading("accuracy"), Heading("").LeftAligned().Width(BarWidth), Heading("points"), Heading("trained in"));
        var zeroShot = result.Runs[0].Accuracy;
        foreach (var run in result.Runs)
        {
            var style = run.Accuracy < zeroShot ? new Style(Color.Red) : run.Accuracy > zeroShot ? new Style(Color.Green) : Style.Plain;
            table.AddRow(
                new Text(run.IsZeroShot ? "zero-shot" : Number(run.Shots, "0")),
                new Text(Number(run.Accuracy, "0.0") + " %", new Style(decoration: Decoration.Bold)),
                new Text(Bar(run.Accuracy, console.Profile.Capabilities.Unicode), style),
                new Text(run.IsZeroShot ? "" : Number(run.Accuracy - zeroShot, "+0.0;-0.0;0.0"), style),
                new Text(run.Seconds is { } seconds ? Number(seconds, "0.00") + " s" : "-"));
        }

        return table;
    }

    private static TableColumn Heading(string text) => new TableColumn($"[dim]{text}[/]").NoWrap().RightAligned().PadRight(2);

    private static string Bar(double percent, bool unicode) => new(unicode ? '━' : '=', (int)Math.Round(percent / 100 * BarWidth));

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static void WriteNext(IAnsiConsole console, string what, params string[] commands)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"  [dim]# {what}[/]");
        foreach (var command in commands) console.MarkupLineInterpolated($"  [bold]taskres {command}[/]");
    }
}
