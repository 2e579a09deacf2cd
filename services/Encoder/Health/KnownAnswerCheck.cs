using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using TaskRes.Encoder.Batching;
using TaskRes.Encoder.Model;

namespace TaskRes.Encoder.Health;

/// <summary>
/// Readiness by proof: the known image and text through the real queue. Checks that come while one runs share its outcome,
/// so that no number of callers burdens the encoder.
/// </summary>
internal sealed class KnownAnswerCheck(ModelThread model, BatchQueue queue, IOptions<EncoderOptions> options, TimeProvider time) : IHealthCheck
{
    private readonly Lock _gate = new();
    private Task<HealthCheckResult> _running = Task.FromResult(HealthCheckResult.Unhealthy());

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (model.Model is not { } loaded) return HealthCheckResult.Unhealthy("the model is loading");
        var patience = TimeSpan.FromSeconds(options.Value.ReadinessTimeoutSeconds);
        try
        {
            return await Running(loaded.Answer).WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"the encoder gave no answer within {patience.TotalSeconds} s");
        }
    }

    private Task<HealthCheckResult> Running(KnownAnswer known)
    {
        lock (_gate) return _running.IsCompleted ? _running = ProbeAsync(known) : _running;
    }

    private async Task<HealthCheckResult> ProbeAsync(KnownAnswer known)
    {
        var image = new ImageItem(ticket: null, time.GetTimestamp(), CancellationToken.None);
        image.SetPixels(known.Pixels, pool: null, TimeSpan.Zero);
        var text = new TextItem(known.Ids, ticket: null, time.GetTimestamp(), CancellationToken.None);
        queue.Post(image);
        queue.Post(text);
        var answers = await Task.WhenAll(image.Answer, text.Answer);
        if (answers.FirstOrDefault(answer => answer.Result.Error is not null) is { } failed)
            return HealthCheckResult.Unhealthy(failed.Result.Error!.Message);
        return known.Agrees(answers[0].Result.Values, answers[1].Result.Values)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("the encoder's answer differs from the one it gave when it was loaded");
    }
}
