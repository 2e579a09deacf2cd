using Microsoft.ML.OnnxRuntime;

namespace TaskRes.Benchmarks.Encoding;

/// <summary>ONNX Runtime's CPU provider with its own choice of threads and all its optimisations, which are its defaults.</summary>
internal sealed class OnnxTower(string model) : IDisposable
{
    private readonly InferenceSession _session = new(model);
    private readonly RunOptions _options = new();

    /// <returns>The embeddings, one after another.</returns>
    public float[] Encode(Memory<float> pixels, int count)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels, [count, 3, 224, 224]);
        using var outputs = _session.Run(_options, ["pixels"], [input], ["features"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
    }
}
