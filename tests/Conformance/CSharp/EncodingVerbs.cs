using System.Text.Json.Nodes;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Conformance.CSharp;

internal static class EncodingVerbs
{
    public static Dictionary<string, Func<VerbCall, Task<JsonObject>>> All => new()
    {
        ["getModel"] = async call =>
        {
            var model = (await call.Client.Encoding.GetModelAsync(call.CancellationToken)).Model;
            return new() { ["fingerprint"] = model.Fingerprint, ["embedding_dimension"] = model.EmbeddingDimension, ["image_size"] = model.ImageSize };
        },
        ["encodeImages"] = async call =>
        {
            var response = await call.Client.Encoding.EncodeImagesAsync(call.Images(), Options(call), call.CancellationToken);
            return ResultsOf([.. response.Results]);
        },
        ["encodeTexts"] = async call =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken);
            if (call.Args["cancelAfter"] is not null) await stop.CancelAsync();
            var response = await call.Client.Encoding.EncodeTextsAsync(call.Texts("texts"), Options(call), stop.Token);
            return ResultsOf([.. response.Results]);
        },
        ["encodeImageStream"] = call => StreamAsync(call, call.Client.Encoding.EncodeImageStreamAsync(call.Images().ToAsyncEnumerable(), Options(call), call.CancellationToken)),
        ["encodeTextStream"] = call => StreamAsync(call, call.Client.Encoding.EncodeTextStreamAsync(call.Texts("texts").ToAsyncEnumerable(), Options(call), call.CancellationToken)),
    };

    private static EncodingOptions Options(VerbCall call) =>
        new() { Format = call.Args["format"] is null ? EmbeddingFormat.Unspecified : Enum.Parse<EmbeddingFormat>(call.Text("format"), ignoreCase: true) };

    private static async Task<JsonObject> StreamAsync(VerbCall call, IAsyncEnumerable<EncodeStreamResponse> answers)
    {
        var all = await answers.ToListAsync(call.CancellationToken);
        var result = ResultsOf([.. all.OrderBy(answer => answer.Sequence).Select(answer => answer.Result)]);
        result["answers"] = all.Count;
        result["distinct"] = all.Select(answer => answer.Sequence).Distinct().Count();
        return result;
    }

    private static JsonObject ResultsOf(IReadOnlyList<EncodeResult> results)
    {
        var vectors = results.Where(result => result.Embedding is not null).Select(result => result.Embedding.ToFloats()).ToList();
        return new()
        {
            ["count"] = results.Count,
            ["dimension"] = vectors[0].Length,
            ["norm"] = Math.Sqrt(vectors[0].Sum(value => (double)value * value)),
            ["errors"] = new JsonArray([.. results.Select((result, index) => (result.Error, index)).Where(item => item.Error is not null)
                .Select(item => new JsonObject { ["sequence"] = item.index, ["reason"] = Names.Of(item.Error.Reason) })]),
        };
    }
}
