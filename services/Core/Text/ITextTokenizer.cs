namespace TaskRes.Core.Text;

/// <summary>From text to the ids that a text tower reads.</summary>
public interface ITextTokenizer
{
    /// <summary>One more than the largest id.</summary>
    int VocabularySize { get; }

    /// <summary>Lower-case hex SHA-256 of all that decides the ids.</summary>
    string Fingerprint { get; }

    /// <summary>The ids of a text, at most so many, the end of text the last of them. Not padded.</summary>
    /// <exception cref="TaskResException">LimitExceeded: the text is too long.</exception>
    int[] Encode(string text, int contextLength);
}
