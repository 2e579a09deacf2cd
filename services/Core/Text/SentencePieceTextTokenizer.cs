using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace TaskRes.Core.Text;

/// <summary>
/// SigLIP's tokenizers: a sentencepiece model of lower-cased text. The first SigLIP's (<c>spiece.model</c>) reads text without
/// punctuation, as transformers' SiglipTokenizer does; SigLIP 2's (<c>tokenizer.model</c>, Gemma's) reads it as it is.
/// </summary>
public sealed partial class SentencePieceTextTokenizer : ITextTokenizer
{
    private const string WithoutPunctuation = "spiece.model", AsItIs = "tokenizer.model";
    private const int MaxTextLength = ClipTokenizer.MaxTextLength;
    private const long MaxFileLength = 64 << 20;

    /// <summary>
    /// A model's field 2, the trainer's settings, with bos_id (41) 0: parts of a message that come later add to those before, so
    /// that this stands for what a file says. SigLIP's has none (−1), which the library does not bear, and none is ever written.
    /// </summary>
    private static readonly byte[] StartOfText = [(2 << 3) | 2, 3, 0xC8, 0x02, 0];

    private readonly SentencePieceTokenizer _model;
    private readonly bool _dropsPunctuation;

    private SentencePieceTextTokenizer(SentencePieceTokenizer model, bool dropsPunctuation, byte[] file)
    {
        (_model, _dropsPunctuation) = (model, dropsPunctuation);
        VocabularySize = model.Vocabulary.Values.Max() + 1;
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData([.. file, dropsPunctuation ? (byte)1 : (byte)0]));
    }

    public int VocabularySize { get; }

    public string Fingerprint { get; }

    /// <summary>Whether a folder holds a file that <see cref="Load"/> reads.</summary>
    public static bool IsPresent(string folder) => File.Exists(Path.Combine(folder, WithoutPunctuation)) || File.Exists(Path.Combine(folder, AsItIs));

    /// <param name="path">A folder with one of the two files, or the file.</param>
    /// <exception cref="TaskResException">TokenizerInvalid: the file is absent or damaged.</exception>
    public static SentencePieceTextTokenizer Load(string path)
    {
        var file = !Directory.Exists(path) ? path : new[] { WithoutPunctuation, AsItIs }.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists)
            ?? throw TokenizerFault.Of(path, $"the folder holds neither {WithoutPunctuation} nor {AsItIs}");
        if (!File.Exists(file)) throw TokenizerFault.Of(file, "there is no such file");
        if (new FileInfo(file).Length is var length and > MaxFileLength) throw TokenizerFault.Of(file, $"{length} bytes are over the limit of {MaxFileLength}");
        var bytes = File.ReadAllBytes(file);
        try
        {
            using var stream = new MemoryStream([.. bytes, .. StartOfText]);
            var model = SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false);
            return new SentencePieceTextTokenizer(model, Path.GetFileName(file) == WithoutPunctuation, bytes);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The library does not say what it throws of a damaged model, and none of it is a fault of ours.
            throw TokenizerFault.Of(file, "it is no sentencepiece model", error);
        }
    }

    public int[] Encode(string text, int contextLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 2);
        if (text.Length > MaxTextLength) throw TaskResException.OverLimit("text", text.Length, MaxTextLength, "characters");
        var ids = _model.EncodeToIds(Clean(text), addBeginningOfSentence: false, addEndOfSentence: false);
        return [.. ids.Take(contextLength - 1), _model.EndOfSentenceId];
    }

    private string Clean(string text)
    {
        text = text.ToLowerInvariant();
        return _dropsPunctuation ? WhiteSpace.Replace(Punctuation.Replace(text, ""), " ").Trim() : text;
    }

    /// <summary>Python's string.punctuation.</summary>
    [GeneratedRegex(@"[!-/:-@\[-`{-~]")]
    private static partial Regex Punctuation { get; }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace { get; }
}
