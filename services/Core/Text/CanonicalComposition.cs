using System.Globalization;
using System.Text;

namespace TaskRes.Core.Text;

/// <summary>
/// Unicode normalisation form C (UAX #15). Written out because .NET leaves strings as they are where the product runs:
/// with globalization invariant, <see cref="string.Normalize()"/> does nothing.
/// </summary>
internal static class CanonicalComposition
{
    // The first code point that is not its own composed form, or that may compose with the one before it.
    private const char FirstOfInterest = '\u0300';

    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28, Syllables = Leads * Vowels * Trails;

    private static readonly Lazy<Tables> Data = new(Tables.Read);

    public static string Normalize(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange(FirstOfInterest, char.MaxValue) < 0) return text;

        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, points);
        Order(points);
        Compose(points);

        var composed = new StringBuilder(text.Length);
        foreach (var point in points) composed.Append(new Rune(point).ToString());
        return composed.ToString();
    }

    private static void Decompose(int point, List<int> into)
    {
        var syllable = point - HangulBase;
        if (syllable is >= 0 and < Syllables)
        {
            into.Add(LeadBase + syllable / (Vowels * Trails));
            into.Add(VowelBase + syllable / Trails % Vowels);
            if (syllable % Trails > 0) into.Add(TrailBase + syllable % Trails);
        }
        else if (Data.Value.Decompositions.TryGetValue(point, out var parts))
        {
            foreach (var part in parts) Decompose(part, into);
        }
        else
        {
            into.Add(point);
        }
    }

    /// <summary>Sorts each run of combining marks by its class, keeping the order within a class.</summary>
    private static void Order(List<int> points)
    {
        for (var start = 0; start < points.Count; start++)
        {
            if (Class(points[start]) == 0) continue;
            var end = start;
            while (end < points.Count && Class(points[end]) != 0) end++;
            var marks = points.GetRange(start, end - start).OrderBy(Class).ToList();
            for (var i = 0; i < marks.Count; i++) points[start + i] = marks[i];
            start = end;
        }
    }

    private static void Compose(List<int> points)
    {
        int starter = -1, lastClass = 0, kept = 0;
        for (var at = 0; at < points.Count; at++)
        {
            var point = points[at];
            var own = Class(point);
            var adjacent = starter == kept - 1;
            if (starter >= 0 && (adjacent || lastClass < own) && Pair(points[starter], point) is { } composed)
            {
                points[starter] = composed;
                continue;
            }
            if (own == 0) starter = kept;
            lastClass = own;
            points[kept++] = point;
        }
        points.RemoveRange(kept, points.Count - kept);
    }

    private static int? Pair(int first, int second)
    {
        int lead = first - LeadBase, vowel = second - VowelBase;
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
            return HangulBase + (lead * Vowels + vowel) * Trails;
        int syllable = first - HangulBase, trail = second - TrailBase;
        if (syllable is >= 0 and < Syllables && syllable % Trails == 0 && trail is > 0 and < Trails)
            return first + trail;
        return Data.Value.Compositions.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private static int Class(int point) => point < FirstOfInterest ? 0 : Data.Value.Classes.GetValueOrDefault(point);

    private sealed record Tables(
        Dictionary<int, int[]> Decompositions, Dictionary<(int, int), int> Compositions, Dictionary<int, int> Classes)
    {
        public static Tables Read()
        {
            var tables = new Tables([], [], []);
            foreach (var line in TextTable.Lines("canonical.txt"))
            {
                var at = line.AsSpan().IndexOfAny("=>:");
                if (line[at] == ':') tables.AddClass(line.Split('-', ':'));
                else tables.AddDecomposition(TextTable.CodePoint(line.AsSpan(0, at)), line[(at + 1)..], composes: line[at] == '=');
            }
            return tables;
        }

        private void AddClass(string[] fields)
        {
            for (var point = TextTable.CodePoint(fields[0]); point <= TextTable.CodePoint(fields[1]); point++)
                Classes[point] = int.Parse(fields[2], CultureInfo.InvariantCulture);
        }

        private void AddDecomposition(int point, string spelled, bool composes)
        {
            int[] parts = [.. spelled.Split(' ').Select(hex => TextTable.CodePoint(hex))];
            Decompositions[point] = parts;
            if (composes) Compositions[(parts[0], parts[1])] = point;
        }
    }
}
