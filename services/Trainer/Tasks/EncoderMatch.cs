using TaskRes.Core;
using TaskRes.Platform.Embeddings;
using TaskRes.Platform.Registry;

namespace TaskRes.Trainer.Tasks;

/// <summary>A task stays with the encoder that it was made for: embeddings of another do not fit.</summary>
internal static class EncoderMatch
{
    /// <exception cref="TaskResException">EncoderMismatch, naming both.</exception>
    public static void Require(TaskRecord task, EncoderModel model)
    {
        if (task.EncoderFingerprint == model.Fingerprint) return;
        throw new TaskResException(ErrorReason.EncoderMismatch, $"{task.Name} was made for the encoder {task.EncoderFingerprint} and the one in use is {model.Fingerprint}: make the task anew, or use that encoder.")
        {
            Field = "encoder_fingerprint",
            Metadata = new Dictionary<string, string> { ["task"] = $"{task.Name}", ["expected"] = task.EncoderFingerprint, ["actual"] = model.Fingerprint },
        };
    }
}
