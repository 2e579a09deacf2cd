namespace TaskRes.Cli.Plots;

/// <summary>Named points over two even axes, as an SVG picture: whether one figure goes with another.</summary>
internal sealed class ScatterPlot(string title, string across, string upward)
{
    private const double Width = 640, Height = 420, Left = 80, Top = 40, Right = 100, Bottom = 50;

    private readonly List<(string Name, double X, double Y)> _points = [];

    public ScatterPlot Add(string name, double x, double y)
    {
        _points.Add((name, x, y));
        return this;
    }

    public void Save(string path)
    {
        var horizontal = Scale.Around(_points.Min(point => point.X), _points.Max(point => point.X));
        var vertical = Scale.Around(_points.Min(point => point.Y), _points.Max(point => point.Y));
        double X(double x) => Left + ((Width - Left - Right) * horizontal.Share(x));
        double Y(double y) => Height - Bottom - ((Height - Top - Bottom) * vertical.Share(y));

        var svg = new Svg(Width, Height);
        svg.Text(Left, Top / 2, "start", title, " font-weight=\"bold\"");
        foreach (var value in vertical.Values)
        {
            svg.Line(Left, Y(value), Width - Right, Y(value), "stroke=\"#dddddd\"");
            svg.Text(Left - 8, Y(value) + 4, "end", FormattableString.Invariant($"{value:0.####}"));
        }

        foreach (var value in horizontal.Values)
        {
            svg.Line(X(value), Top, X(value), Height - Bottom, "stroke=\"#eeeeee\"");
            svg.Text(X(value), Height - Bottom + 18, "middle", FormattableString.Invariant($"{value:0.####}"));
        }

        svg.Text((Left + Width - Right) / 2, Height - 10, "middle", across);
        svg.Text(16, Height / 2, "middle", upward, FormattableString.Invariant($" transform=\"rotate(-90 16 {Height / 2})\""));
        foreach (var (name, x, y) in _points)
        {
            svg.Circle(X(x), Y(y), "#1f6feb");
            svg.Text(X(x) + 6, Y(y) + 4, "start", name);
        }

        File.WriteAllText(path, svg.ToString());
    }
}
