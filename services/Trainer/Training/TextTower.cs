using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Core.Clip;
using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Methods;
using TaskRes.Platform.Registry;

namespace TaskRes.Trainer.Training;

/// <summary>The encoder's text tower in this process, for the methods that learn through it. Loaded for a job, and let go after it.</summary>
internal sealed class TextTower(IOptions<TextTowerOptions> options)
{
    private readonly Lazy<string> _fingerprint = new(() => ClipEncoder.FingerprintOf(Load(options.Value)));

    /// <exception cref="TaskResException">MethodNotApplicable where the method needs the tower and there is none.</exception>
    public void Require(string method)
    {
        if (NeedsOf(method) == TextTowerNeeds.None || options.Value.Path is not "") return;
        throw new TaskResException(ErrorReason.MethodNotApplicable, $"The method '{method}' learns through the encoder's text tower, and this trainer has none: choose another method, or give the trainer the encoder's model as TextTower:Path.")
        {
            Field = "settings.method",
            Metadata = new Dictionary<string, string> { ["method"] = method },
        };
    }

    /// <summary>The task with what the method needs; the prompts in it are the caller's to dispose of.</summary>
    /// <exception cref="TaskResException">MethodNotApplicable; EncoderMismatch; CheckpointNotFound and the other faults of a model.</exception>
    public FewShotTask Provide(FewShotTask fewShot, TaskRecord task, TrainingSettings settings)
    {
        var needs = NeedsOf(settings.Method);
        if (needs == TextTowerNeeds.None) return fewShot;
        Require(settings.Method);
        if (_fingerprint.Value != task.EncoderFingerprint)
            throw new TaskResException(ErrorReason.EncoderMismatch, $"The trainer's model is {_fingerprint.Value} and {task.Name} was made with the encoder {task.EncoderFingerprint}: give the trainer the encoder's model.")
            {
                Metadata = new Dictionary<string, string> { ["task"] = $"{task.Name}", ["expected"] = task.EncoderFingerprint, ["actual"] = _fingerprint.Value },
            };
        return needs == TextTowerNeeds.Prompts
            ? fewShot with { Prompts = PromptTower.Load(Load(options.Value), task.ClassNames) }
            : fewShot with { TextProjection = ClipEncoder.TextProjectionOf(Load(options.Value)) };
    }

    private static TextTowerNeeds NeedsOf(string method) => method == FewShotMethods.Auto ? TextTowerNeeds.None : FewShotMethods.Find(method).TextTower;

    private static ClipLoadOptions Load(TextTowerOptions options) =>
        new() { Path = options.Path, TokenizerPath = options.TokenizerPath, Device = options.Device, FastDecoding = options.FastDecoding };
}
