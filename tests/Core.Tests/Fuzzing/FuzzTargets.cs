using TaskRes.Core.Images;
using TaskRes.Core.Safetensors;
using TaskRes.Core.Tests.Images;
using TaskRes.Core.Text;

namespace TaskRes.Core.Tests.Fuzzing;

/// <summary>
/// What is fuzzed: each reads bytes, or refuses them with a reason of the domain; anything else is a fault. They run beside
/// the instrumented assembly, and so see its types and not those of the tests.
/// </summary>
internal static class FuzzTargets
{
    private static readonly ImagePreprocessor Preprocessor = TestImages.Preprocessor();

    /// <param name="bytes">The input.</param>
    /// <param name="scratch">A file that the target may write.</param>
    public static void Revision(byte[] bytes, string scratch) => Refused(() => Core.Learning.Revision.Parse(bytes, scratch));

    /// <inheritdoc cref="Revision"/>
    public static void Safetensors(byte[] bytes, string scratch) => Refused(() =>
    {
        using var file = SafetensorsFile.FromBytes(bytes, scratch);
        foreach (var (name, entry) in file.Header.Tensors)
            if (entry.Type is ElementType.F32) file.Floats(name);
    });

    /// <inheritdoc cref="Revision"/>
    public static void Image(byte[] bytes, string scratch) => Refused(() => Preprocessor.Preprocess(bytes, 1, new float[Preprocessor.ElementCount]));

    /// <inheritdoc cref="Revision"/>
    public static void Tokenizer(byte[] bytes, string scratch) => Refused(() =>
    {
        File.WriteAllBytes(scratch, bytes);
        ClipTokenizer.Load(scratch);
    });

    /// <inheritdoc cref="Revision"/>
    public static void PreprocessorFile(byte[] bytes, string scratch) => Refused(() =>
    {
        File.WriteAllBytes(scratch, bytes);
        PreprocessorConfig.Read(scratch);
    });

    private static void Refused(Action read)
    {
        try
        {
            read();
        }
        catch (TaskResException exception) when (exception.Reason != ErrorReason.Internal)
        {
            // As it should be.
        }
    }
}
