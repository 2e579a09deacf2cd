using Microsoft.Extensions.Options;
using TaskRes.Core;
using TaskRes.Core.Clip;
using TaskRes.Core.Torch;
using TaskRes.Encoder.Batching;
using TaskRes.Encoder.Preprocessing;

namespace TaskRes.Encoder.Model;

/// <summary>Takes the encoder's passes from a loaded model; a test puts faults between.</summary>
internal delegate ForwardPasses PassesOf(ClipEncoder clip);

/// <summary>
/// The one thread that the model lives on: it loads it, warms it up, owns the batch queue until the service stops, and
/// disposes it. The service answers meanwhile that it is not ready; a model that does not load ends the process.
/// </summary>
internal sealed partial class ModelThread(
    IOptions<ModelOptions> options, IOptions<EncoderOptions> encoder, PassesOf passesOf, PreprocessPool preprocessing, BatchQueue queue, PassCosts costs, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ModelThread> logger)
    : IHostedService
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile LoadedModel? _model;

    /// <summary>Null until it is loaded.</summary>
    public LoadedModel? Model => _model;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Run) { Name = "encoder", IsBackground = true }.Start();
        return Task.CompletedTask;
    }

    /// <summary>Answers what was taken in, then ends.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await preprocessing.StopAsync().WaitAsync(cancellationToken);
        queue.Complete();
        await _ended.Task.WaitAsync(cancellationToken);
    }

    private void Run()
    {
        try
        {
            using var clip = Load(options.Value);
            var passes = passesOf(clip);
            var model = LoadedModel.Of(clip, passes);
            WarmUp.Run(passes, model.Answer, costs, encoder.Value.MaxBatchSize, time);
            preprocessing.Start(clip.Preprocessor.Preprocess, passes.PixelsPerImage);
            _model = model;
            Log.Loaded(logger, model.Description.Name, model.Description.Architecture, model.Description.Precision, model.Description.Device, model.Description.Fingerprint);
            queue.Run(passes);
        }
        catch (TaskResException exception)
        {
            Log.NotLoaded(logger, exception.Message);
            EndProcess();
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception);
            EndProcess();
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private static ClipEncoder Load(ModelOptions model)
    {
        if (model.Path.Length == 0)
            throw TaskResException.Invalid($"{ModelOptions.Section}:{nameof(model.Path)}", "it is not set: name a model's file or folder.");
        if (model.LibtorchFolder is { Length: > 0 } folder) TorchRuntime.LibtorchFolder = folder;
        return ClipEncoder.Load(new ClipLoadOptions
        {
            Path = model.Path,
            TokenizerPath = model.TokenizerPath,
            Precision = Enum.TryParse<Precision>(model.Precision, ignoreCase: true, out var precision)
                ? precision
                : throw TaskResException.Invalid($"{ModelOptions.Section}:{nameof(model.Precision)}", $"\"{model.Precision}\" is none of auto, fp32, bf16, fp16."),
            Device = model.Device,
            FastDecoding = model.FastDecoding,
        });
    }

    private void EndProcess()
    {
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "ModelLoaded", Level = LogLevel.Information, Message = "Serving {Name} ({Architecture}, {Precision}) on {Device}, fingerprint {Fingerprint}")]
        public static partial void Loaded(ILogger logger, string name, string architecture, string precision, string device, string fingerprint);

        [LoggerMessage(EventId = 2, EventName = "ModelNotLoaded", Level = LogLevel.Critical, Message = "The model does not load: {Reason}")]
        public static partial void NotLoaded(ILogger logger, string reason);

        [LoggerMessage(EventId = 3, EventName = "EncoderFailed", Level = LogLevel.Critical, Message = "The encoder's thread failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
