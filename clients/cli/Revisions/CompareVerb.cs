using System.CommandLine;
using System.Globalization;
using TaskRes.Cli.Files;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;
using TaskRes.Core.Learning;

namespace TaskRes.Cli.Revisions;

internal sealed class CompareVerb : Verb
{
    private readonly Argument<string> _left = new("FILE") { Description = "An exported revision." };
    private readonly Argument<string> _right = new("OTHER") { Description = "Another, of this task or one with some of its classes." };

    public CompareVerb()
        : base("compare", "How alike two exported revisions are over the classes that both have.")
    {
        Add(_left);
        Add(_right);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var similarity = RevisionSimilarity.Of(await ReadAsync(call.Value(_left), "FILE", cancellationToken), await ReadAsync(call.Value(_right), "OTHER", cancellationToken));
        call.Screen.Result(() => similarity, console => Tables.WriteValues(
            console,
            ("shared classes", similarity.SharedClasses.Count.ToString(CultureInfo.InvariantCulture)),
            ("cosine of the residuals", similarity.ResidualCosine.ToString("0.000", CultureInfo.InvariantCulture)),
            ("cosine of the class vectors", similarity.ClassifierCosine.ToString("0.000", CultureInfo.InvariantCulture))));
        return ExitCode.Ok;
    }

    private static async Task<Revision> ReadAsync(string path, string field, CancellationToken cancellationToken) =>
        Revision.Parse(await File.ReadAllBytesAsync(InputFile.Require(path, field), cancellationToken), path);
}
