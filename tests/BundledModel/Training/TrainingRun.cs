using TaskRes.BundledModel.Captions;
using TaskRes.BundledModel.Emojis;
using TaskRes.BundledModel.Evaluation;
using TaskRes.BundledModel.Export;
using TaskRes.BundledModel.Rendering;
using TaskRes.Core.Checkpoints;
using TaskRes.Core.Clip;
using TaskRes.Core.Text;
using static TorchSharp.torch;

namespace TaskRes.BundledModel.Training;

/// <summary>Trains from where the work folder's state stands to the last step.</summary>
internal sealed class TrainingRun(TrainingOptions options, SourceFiles sources, TimeProvider time)
{
    public void Run(CancellationToken cancellationToken)
    {
        var emojis = EmojiList.Read(sources.EmojiTest);
        var split = EmojiSplit.Of(emojis);
        TokenizerWriter.Write(options.WorkFolder, BytePairLearner.Learn(CaptionWriter.Corpus(emojis), BundledClip.Merges));
        var tokenizer = ClipTokenizer.Load(options.WorkFolder);
        var config = BundledClip.Config(tokenizer.VocabularySize);

        using var sprites = new GlyphSprites(sources.EmojiFont);
        using var heldOut = new HeldOutRenders(split, sprites);
        using var trainer = TrainingState.LoadOrCreate(options.StatePath, config, options.Seed);
        var batches = new BatchSource(split.Trained, sprites, tokenizer, options);
        var progress = new ProgressLine(options.Steps, trainer.Step, time);

        var next = Task.Run(() => batches.Render(trainer.Step), cancellationToken);
        while (trainer.Step < options.Steps && !cancellationToken.IsCancellationRequested)
        {
            var (step, batch) = (trainer.Step, next.Result);
            next = Task.Run(() => batches.Render(step + 1), CancellationToken.None); // while this one is learned
            var loss = trainer.Learn(batch, options.LearningRateAt(step));
            progress.Report(trainer.Step, loss, batch.Count);

            if (IsTime(options.StepsPerEvaluation, trainer.Step)) Evaluate(trainer, config, tokenizer, heldOut, progress);
            if (IsTime(options.StepsPerCheckpoint, trainer.Step)) TrainingState.Save(trainer, options.StatePath);
        }
        TrainingState.Save(trainer, options.StatePath);
    }

    private bool IsTime(int every, int step) => step % every == 0 || step == options.Steps;

    private void Evaluate(Trainer trainer, ClipConfig config, ClipTokenizer tokenizer, HeldOutRenders heldOut, ProgressLine progress)
    {
        using var towers = new Towers(new HuggingFaceNames(trainer.Parameters), config, Precision.Fp32, CPU);
        var figures = heldOut.Measure(new Encoders((pixels, count) => towers.EncodeImages(pixels, count), towers.EncodeTexts, tokenizer));
        var line = FormattableString.Invariant($"{trainer.Step}\tloss {progress.Loss:0.000}\tscale {towers.LogitScale:0.0}\t{figures}");
        File.AppendAllText(options.LogPath, line + "\n");
        progress.Note(line);
    }
}
