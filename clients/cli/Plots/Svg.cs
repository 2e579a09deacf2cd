using System.Globalization;
using System.Text;

namespace TaskRes.Cli.Plots;

/// <summary>An SVG picture in the making; numbers are written with a point whatever the machine's culture.</summary>
internal sealed class Svg
{
    private readonly StringBuilder _elements = new();

    public Svg(double width, double height)
    {
        Draw($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">""");
        Draw($"""<rect width="{width}" height="{height}" fill="white"/>""");
    }

    public void Draw(FormattableString element) => _elements.AppendLine(element.ToString(CultureInfo.InvariantCulture));

    public void Text(double x, double y, string anchor, string text, string more = "") =>
        Draw($"""<text x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}"{more}>{Escape(text)}</text>""");

    public void Circle(double x, double y, string colour) => Draw($"""<circle cx="{x:0.#}" cy="{y:0.#}" r="3" fill="{colour}"/>""");

    public void Line(double x1, double y1, double x2, double y2, string stroke) =>
        Draw($"""<line x1="{x1:0.#}" x2="{x2:0.#}" y1="{y1:0.#}" y2="{y2:0.#}" {stroke}/>""");

    public override string ToString() => $"{_elements}</svg>{Environment.NewLine}";

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
