using TaskRes.Core;
using TaskRes.Core.Learning;

namespace TaskRes.Classifier.Heads;

/// <summary>Scores requests with the shadow as well, for the log and the metrics alone: nothing of it reaches the caller, not even its failure.</summary>
internal sealed partial class ShadowScores(ILogger<ShadowScores> logger)
{
    /// <param name="shadow">What is on trial.</param>
    /// <param name="answered">The head that answered.</param>
    /// <param name="answer">Its best.</param>
    /// <param name="embedding">The image's raw embedding, D values.</param>
    public void Compare(ResidentHead shadow, ResidentHead answered, Prediction answer, ReadOnlySpan<float> embedding)
    {
        try
        {
            var best = shadow.Head.TopK(embedding, 1)[0];
            var agrees = best.ClassIndex == answer.ClassIndex;
            ClassifierMetrics.RecordShadow(agrees);
            Log.Scored(logger, $"{shadow.Name}", best.ClassName, best.Probability, answered.Name.Revision, answer.ClassName, answer.Probability, agrees);
        }
        catch (TaskResException exception)
        {
            Log.NotScored(logger, $"{shadow.Name}", exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "ShadowScored", Level = LogLevel.Information, Message = "{Shadow} would have answered {ShadowClass} ({ShadowProbability}), {Answered} answered {Class} ({Probability}); agrees: {Agrees}")]
        public static partial void Scored(ILogger logger, string shadow, string shadowClass, float shadowProbability, string answered, string @class, float probability, bool agrees);

        [LoggerMessage(EventId = 2, EventName = "ShadowNotScored", Level = LogLevel.Warning, Message = "{Shadow} could not score: {Reason}")]
        public static partial void NotScored(ILogger logger, string shadow, string reason);
    }
}
