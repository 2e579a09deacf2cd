using System.CommandLine;
using TaskRes.Cli.Files;
using TaskRes.Cli.Invocation;

namespace TaskRes.Cli.Models;

internal sealed class TokenizeVerb : Verb
{
    private readonly Option<string> _model = ModelOptions.CreateModel();
    private readonly Option<string?> _tokenizer = ModelOptions.CreateTokenizer();
    private readonly Option<string> _texts = new("--texts") { Description = "A file with one text a line.", HelpName = "FILE", Required = true };

    public TokenizeVerb()
        : base("tokenize", "Turn texts into token ids, start and end included.")
    {
        Add(_model);
        Add(_tokenizer);
        Add(_texts);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        var texts = await TextLines.ReadAsync(call.Value(_texts), "--texts", cancellationToken);
        var model = TextModel.Load(ModelLibrary.Resolve(call.Value(_model)), call.Value(_tokenizer));
        var ids = texts.Select(text => model.Tokenizer.Encode(text, model.ContextLength)).ToList();
        call.Screen.Result(
            () => ids,
            _ =>
            {
                // Not through the console, which would wrap them.
                foreach (var line in ids) Console.Out.WriteLine(string.Join(' ', line));
            });
        return ExitCode.Ok;
    }
}
