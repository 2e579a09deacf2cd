using System.Globalization;
using System.Text;

namespace TaskRes.Benchmarks;

/// <summary>Lines over an axis of doubling steps, as an SVG picture: how a cost grows.</summary>
internal sealed class Plot(string title, string across, string upward)
{
    private const double Width = 640, Height = 400, Left = 70, Top = 40, Right = 150, Bottom = 50;
    private const int Ticks = 5;

    private static readonly string[] Colours = ["#1f6feb", "#d1495b", "#2e933c", "#8f5fbf", "#d98e04", "#555555"];

    private readonly List<(string Name, (double X, double Y)[] Points)> _lines = [];

    /// <param name="points">In ascending order of X, above 0.</param>
    public Plot Add(string name, IEnumerable<(double X, double Y)> points)
    {
        _lines.Add((name, [.. points]));
        return this;
    }

    public void Save(string path) => File.WriteAllText(path, ToSvg());

    private string ToSvg()
    {
        double[] steps = [.. _lines.SelectMany(line => line.Points).Select(point => point.X).Distinct().Order()];
        var top = NiceCeiling(_lines.SelectMany(line => line.Points).Max(point => point.Y));
        var doublings = Math.Max(Math.Log2(steps[^1] / steps[0]), 1);
        double X(double x) => Left + (Width - Left - Right) * Math.Log2(x / steps[0]) / doublings;
        double Y(double y) => Height - Bottom - (Height - Top - Bottom) * y / top;

        var svg = new StringBuilder();
        void Draw(FormattableString element) => svg.AppendLine(element.ToString(CultureInfo.InvariantCulture));
        void Text(double x, double y, string anchor, string text, string more = "") =>
            Draw($"""<text x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}"{more}>{Escape(text)}</text>""");

        Draw($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12">""");
        Draw($"""<rect width="{Width}" height="{Height}" fill="white"/>""");
        Text(Left, Top / 2, "start", title, " font-weight=\"bold\"");
        for (var tick = 0; tick <= Ticks; tick++)
        {
            var value = top * tick / Ticks;
            Draw($"""<line x1="{Left}" x2="{Width - Right}" y1="{Y(value):0.#}" y2="{Y(value):0.#}" stroke="#dddddd"/>""");
            Text(Left - 8, Y(value) + 4, "end", FormattableString.Invariant($"{value:0.###}"));
        }
        foreach (var step in steps) Text(X(step), Height - Bottom + 18, "middle", FormattableString.Invariant($"{step:0.###}"));
        Text((Left + Width - Right) / 2, Height - 10, "middle", across);
        Text(16, Height / 2, "middle", upward, FormattableString.Invariant($" transform=\"rotate(-90 16 {Height / 2})\""));

        for (var i = 0; i < _lines.Count; i++)
        {
            var (name, points) = _lines[i];
            var colour = Colours[i % Colours.Length];
            var path = string.Join(' ', points.Select(point => FormattableString.Invariant($"{X(point.X):0.#},{Y(point.Y):0.#}")));
            Draw($"""<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>""");
            foreach (var (x, y) in points) Draw($"""<circle cx="{X(x):0.#}" cy="{Y(y):0.#}" r="3" fill="{colour}"/>""");
            Text(Width - Right + 12, Top + 18 * i, "start", name, $" fill=\"{colour}\"");
        }
        return svg.AppendLine("</svg>").ToString();
    }

    /// <summary>The next of 1, 2, 2.5, 5 and 10 times a power of ten.</summary>
    private static double NiceCeiling(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, double.Epsilon))));
        return power * new[] { 1, 2, 2.5, 5, 10 }.First(step => step * power >= value);
    }

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
