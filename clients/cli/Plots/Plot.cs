namespace TaskRes.Cli.Plots;

/// <summary>Lines over an axis of doubling steps, as an SVG picture: how a figure grows.</summary>
internal sealed class Plot(string title, string across, string upward)
{
    public const double Width = 640, Height = 400;

    private const double Left = 70, Top = 40, Right = 150, Bottom = 50;

    private static readonly string[] Colours = ["#1f6feb", "#d1495b", "#2e933c", "#8f5fbf", "#d98e04", "#00838f", "#ad1457", "#5d4037", "#555555"];

    private readonly List<(string Name, (double X, double Y)[] Points)> _lines = [];
    private readonly List<(string Name, double Y)> _levels = [];

    /// <summary>Whether the upward axis begins at zero; otherwise it shows the range of the values.</summary>
    public bool FromZero { get; init; } = true;

    /// <param name="points">In ascending order of X, above 0.</param>
    public Plot Add(string name, IEnumerable<(double X, double Y)> points)
    {
        _lines.Add((name, [.. points]));
        return this;
    }

    /// <summary>A broken line at one height: what does not change across.</summary>
    public Plot Level(string name, double height)
    {
        _levels.Add((name, height));
        return this;
    }

    public void Save(string path)
    {
        var svg = new Svg(Width, Height);
        DrawTo(svg);
        File.WriteAllText(path, svg.ToString());
    }

    /// <summary>Several plots as one picture, in rows.</summary>
    public static void Save(string path, IReadOnlyList<Plot> plots, int columns)
    {
        columns = Math.Min(columns, plots.Count);
        var rows = (plots.Count + columns - 1) / columns;
        var svg = new Svg(columns * Width, rows * Height);
        for (var i = 0; i < plots.Count; i++)
        {
            svg.Draw($"""<g transform="translate({i % columns * Width} {i / columns * Height})">""");
            plots[i].DrawTo(svg);
            svg.Draw($"</g>");
        }

        File.WriteAllText(path, svg.ToString());
    }

    private void DrawTo(Svg svg)
    {
        double[] steps = [.. _lines.SelectMany(line => line.Points).Select(point => point.X).DefaultIfEmpty(1).Distinct().Order()];
        double[] heights = [.. _lines.SelectMany(line => line.Points).Select(point => point.Y), .. _levels.Select(level => level.Y)];
        var scale = FromZero ? Scale.FromZero(heights.Max()) : Scale.Around(heights.Min(), heights.Max());
        var doublings = Math.Max(Math.Log2(steps[^1] / steps[0]), 1);
        double X(double x) => Left + ((Width - Left - Right) * Math.Log2(x / steps[0]) / doublings);
        double Y(double y) => Height - Bottom - ((Height - Top - Bottom) * scale.Share(y));

        svg.Text(Left, Top / 2, "start", title, " font-weight=\"bold\"");
        foreach (var value in scale.Values)
        {
            svg.Line(Left, Y(value), Width - Right, Y(value), "stroke=\"#dddddd\"");
            svg.Text(Left - 8, Y(value) + 4, "end", FormattableString.Invariant($"{value:0.###}"));
        }

        foreach (var step in steps) svg.Text(X(step), Height - Bottom + 18, "middle", FormattableString.Invariant($"{step:0.###}"));
        svg.Text((Left + Width - Right) / 2, Height - 10, "middle", across);
        svg.Text(16, Height / 2, "middle", upward, FormattableString.Invariant($" transform=\"rotate(-90 16 {Height / 2})\""));

        void Name(int place, string name, string colour) => svg.Text(Width - Right + 12, Top + (18 * place), "start", name, $" fill=\"{colour}\"");
        for (var i = 0; i < _lines.Count; i++)
        {
            var (name, points) = _lines[i];
            var colour = Colours[i % Colours.Length];
            var path = string.Join(' ', points.Select(point => FormattableString.Invariant($"{X(point.X):0.#},{Y(point.Y):0.#}")));
            svg.Draw($"""<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>""");
            foreach (var (x, y) in points) svg.Circle(X(x), Y(y), colour);
            Name(i, name, colour);
        }

        for (var i = 0; i < _levels.Count; i++)
        {
            svg.Line(Left, Y(_levels[i].Y), Width - Right, Y(_levels[i].Y), "stroke=\"#555555\" stroke-dasharray=\"4 3\"");
            Name(_lines.Count + i, _levels[i].Name, "#555555");
        }
    }
}
