namespace TaskRes.Platform.Embeddings;

/// <summary>Decides where embeddings come from.</summary>
public static class EmbedderRegistration
{
    /// <summary>The key under which a process that has the encoder itself registers it.</summary>
    public const string Source = "embedder-source";
}
