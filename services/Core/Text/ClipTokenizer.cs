namespace TaskRes.Core.Text;

/// <summary>
/// CLIP's tokenizer: text is cleaned, split into words and encoded by byte-level BPE (openai/CLIP simple_tokenizer.py).
/// It is immutable but for a bounded cache of words, and safe for use by many threads.
/// </summary>
public sealed class ClipTokenizer : ITextTokenizer
{
    /// <summary>The longest text that is taken, in UTF-16 characters.</summary>
    public const int MaxTextLength = 65_536;

    private const int MaxStackIds = 256;

    private readonly int _startOfText, _endOfText;
    private readonly Vocabulary _vocabulary;
    private readonly BytePairEncoder _encoder;

    private ClipTokenizer(Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _encoder = new BytePairEncoder(vocabulary);
        VocabularySize = vocabulary.Ids.Values.Max() + 1;
        _startOfText = vocabulary.Ids[vocabulary.StartOfText];
        _endOfText = vocabulary.Ids[vocabulary.EndOfText];
        Fingerprint = vocabulary.Fingerprint();
    }

    /// <summary>One more than the largest id: the rows that a token embedding must have.</summary>
    public int VocabularySize { get; }

    public int StartOfText => _startOfText;

    public int EndOfText => _endOfText;

    /// <summary>
    /// Lower-case hex SHA-256 of the vocabulary and the merges: the same whichever kind of file they were read from.
    /// </summary>
    public string Fingerprint { get; }

    /// <summary>Whether a folder holds tokenizer files of a kind that <see cref="Load"/> reads.</summary>
    public static bool IsPresent(string folder) => TokenizerFiles.IsPresent(folder);

    /// <summary>
    /// Loads a tokenizer from a folder with <c>tokenizer.json</c>, <c>vocab.json</c> and <c>merges.txt</c>, or
    /// <c>bpe_simple_vocab_16e6.txt[.gz]</c>; or from such a file itself.
    /// </summary>
    /// <exception cref="TaskResException">TokenizerInvalid: the files are absent, damaged, or not of a CLIP tokenizer.</exception>
    public static ClipTokenizer Load(string path) => new(TokenizerFiles.Read(path));

    /// <summary>
    /// The ids of a text between <see cref="StartOfText"/> and <see cref="EndOfText"/>, cut so that at most
    /// <paramref name="contextLength"/> ids remain and the last is <see cref="EndOfText"/>. Not padded.
    /// </summary>
    /// <exception cref="TaskResException">LimitExceeded: the text is longer than <see cref="MaxTextLength"/>.</exception>
    public int[] Encode(string text, int contextLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 2);
        if (text.Length > MaxTextLength) throw TaskResException.OverLimit("text", text.Length, MaxTextLength, "characters");

        ReadOnlySpan<char> rest = TextCleaner.Clean(text);
        // No text has more ids than bytes.
        var most = Math.Min(contextLength, (3 * rest.Length) + 2);
        Span<int> ids = most <= MaxStackIds ? stackalloc int[most] : new int[most];
        ids[0] = StartOfText;
        var count = 1;
        while (count < most && WordSplitter.Next(ref rest, _vocabulary) is { IsEmpty: false } word)
        {
            var pieces = Encode(word);
            pieces = pieces[..Math.Min(pieces.Length, most - count)];
            pieces.CopyTo(ids[count..]);
            count += pieces.Length;
        }
        if (count == contextLength) count--;
        // Text may spell the special tokens; one that ends in EndOfText already is not given another.
        if (ids[count - 1] != EndOfText) ids[count++] = EndOfText;
        return ids[..count].ToArray();
    }

    private ReadOnlySpan<int> Encode(ReadOnlySpan<char> word)
    {
        if (word[0] == '<' && word.SequenceEqual(_vocabulary.StartOfText)) return new(in _startOfText);
        if (word[0] == '<' && word.SequenceEqual(_vocabulary.EndOfText)) return new(in _endOfText);
        return _encoder.Encode(word);
    }
}
