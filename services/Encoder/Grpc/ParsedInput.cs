using TaskRes.Core;
using TaskRes.Platform.Embeddings;

namespace TaskRes.Encoder.Grpc;

/// <summary>One item of a call: what to embed, or what is wrong with it.</summary>
internal readonly record struct ParsedInput(EmbeddingInput? Input, TaskResException? Error)
{
    public static ParsedInput Of(Func<EmbeddingInput> parse)
    {
        try
        {
            return new ParsedInput(parse(), null);
        }
        catch (TaskResException exception)
        {
            return new ParsedInput(null, exception);
        }
    }
}
