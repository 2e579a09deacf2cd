using System.CommandLine;

namespace TaskRes.Cli.Invocation;

/// <summary>A verb: its options and arguments, made in the constructor, and what it does with them.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description)
        : base(name, description) => SetAction((parsed, cancellationToken) => RunAsync(new VerbCall(parsed), cancellationToken));

    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken);
}
