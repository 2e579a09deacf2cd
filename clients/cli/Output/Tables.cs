using Spectre.Console;

namespace TaskRes.Cli.Output;

/// <summary>Tables and lists of values that fit a terminal of 80 columns.</summary>
internal static class Tables
{
    /// <summary>A table; the columns whose heading starts with <c>&gt;</c> hold numbers and are flush right.</summary>
    public static void Write(IAnsiConsole console, string[] headings, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var heading in headings)
        {
            var number = heading.StartsWith('>');
            var column = new TableColumn(Markup.Escape(heading.TrimStart('>'))).NoWrap();
            table.AddColumn(number ? column.RightAligned() : column);
        }

        foreach (var row in rows) table.AddRow([.. row.Select(cell => new Text(cell))]);
        console.Write(table);
    }

    /// <summary>Names and values, one pair a line; long values wrap below themselves.</summary>
    public static void WriteValues(IAnsiConsole console, params (string Name, string Value)[] values)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (var (name, value) in values) grid.AddRow(new Text(name), new Text(value));
        console.Write(grid);
    }
}
