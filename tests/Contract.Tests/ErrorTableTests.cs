using System.Text;
using System.Text.RegularExpressions;
using TaskRes.Platform.Errors;
using TaskRes.Tests;
using ErrorReason = TaskRes.Core.ErrorReason;

namespace TaskRes.Contract.Tests;

/// <summary>protos/ERRORS.md is made of errors.proto and the mapping to statuses; run with TASKRES_WRITE_DOCS=1 to write it anew.</summary>
public sealed partial class ErrorTableTests
{
    private static string Protos => Path.Combine(ReferenceData.Repository, "protos");

    [Fact]
    public void ErrorTable_InTheDocs_IsThatOfTheProto()
    {
        var path = Path.Combine(Protos, "ERRORS.md");
        var table = Table();
        if (Environment.GetEnvironmentVariable("TASKRES_WRITE_DOCS") == "1") File.WriteAllText(path, table);
        Assert.Equal(table, File.ReadAllText(path));
    }

    private static string Table()
    {
        var text = new StringBuilder("""
            # Reasons of errors

            Every refused call carries a `google.rpc.ErrorInfo` of the domain `taskres` with one of these reasons, and every variable of its
            message in the metadata; items of batches and streams carry an `ItemError` with the same reasons. A field at fault is named by
            `google.rpc.BadRequest`, what to wait for by `RetryInfo`, load that was refused by `QuotaFailure`, and what must be so first, and of
            which resource, by `PreconditionFailure`.

            | reason | status | when |
            |---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var (name, comment, number) in Reasons())
            text.Append($"| `{name}` | {ErrorMapping.StatusOf((ErrorReason)number)} | {comment} |\n");
        return text.ToString();
    }

    private static IEnumerable<(string Name, string Comment, int Number)> Reasons()
    {
        var comment = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(Protos, "taskres", "v1", "errors.proto")).Select(line => line.Trim()))
        {
            if (line.StartsWith("//", StringComparison.Ordinal)) comment.Add(line[2..].Trim());
            else if (Member().Match(line) is { Success: true } member)
            {
                if (member.Groups["number"].Value != "0") yield return (member.Groups["name"].Value, string.Join(' ', comment), int.Parse(member.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture));
                comment.Clear();
            }
            else
            {
                comment.Clear();
            }
        }
    }

    [GeneratedRegex(@"^ERROR_REASON_(?<name>\w+) = (?<number>\d+);$")]
    private static partial Regex Member();
}
