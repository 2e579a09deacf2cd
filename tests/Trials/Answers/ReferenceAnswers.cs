using System.Collections.Concurrent;
using TaskRes.Client;
using TaskRes.Core.Learning;
using TaskRes.Trials.Processes;
using TaskRes.V1;
using Revision = TaskRes.Core.Learning.Revision;
using Task = System.Threading.Tasks.Task;

namespace TaskRes.Trials.Answers;

/// <summary>
/// The right answer to every classification, computed here from the exported revision that the reply names. A reply that names
/// a revision not yet exported is kept until it is.
/// </summary>
internal sealed class ReferenceAnswers
{
    // Logits are cosines times 100: the same image in another batch may differ by some units of fp32.
    private const float Tolerance = 2e-3f;

    private readonly ConcurrentDictionary<string, Head> _heads = new();
    private readonly ConcurrentQueue<(string Task, int Image, ClassifyResponse Reply)> _waiting = new();
    private readonly ConcurrentDictionary<string, bool> _answered = new();
    private readonly float[][] _embeddings;
    private readonly TrialTally _tally;

    private ReferenceAnswers(float[][] embeddings, TrialTally tally) => (_embeddings, _tally) = (embeddings, tally);

    /// <summary>Tasks that answered.</summary>
    public int TasksAnswered => _answered.Count;

    public static async Task<ReferenceAnswers> CreateAsync(TaskResClient encoder, IReadOnlyList<byte[]> images, TrialTally tally, CancellationToken cancellationToken)
    {
        // However busy the machine is.
        var reply = await Outages.OutlastAsync(() => encoder.Encoding.EncodeImagesAsync(images.Select(image => (ReadOnlyMemory<byte>)image), cancellationToken: cancellationToken), cancellationToken);
        return new ReferenceAnswers([.. reply.Results.Select(result => result.Embedding.Values.ToArray())], tally);
    }

    /// <summary>Exports the revision; its content must be the one that its name says.</summary>
    public async Task LearnAsync(TaskResClient trainer, string revision, CancellationToken cancellationToken)
    {
        if (_heads.ContainsKey(revision)) return;
        var file = await Outages.OutlastAsync(async () =>
        {
            using var content = new MemoryStream();
            await trainer.Revisions.ExportAsync(revision, content, cancellationToken);
            return content.ToArray();
        }, cancellationToken);
        var parsed = Revision.Parse(file, revision);
        if (!revision.EndsWith($"/{parsed.Id}", StringComparison.Ordinal)) _tally.Fault($"{revision} holds the content of {parsed.Id}");
        _heads[revision] = new Head(parsed);
    }

    /// <param name="task">The full name of the task that was asked.</param>
    public void Check(string task, int image, ClassifyResponse reply)
    {
        _tally.Count("replies");
        _answered[task] = true;
        if (reply.Task != task || !reply.Revision.StartsWith($"{task}/revisions/", StringComparison.Ordinal))
        {
            _tally.Count("crossAnswers");
            _tally.Fault($"{task} was answered by {reply.Revision}");
        }
        else if (_heads.TryGetValue(reply.Revision, out var head)) Compare(head, image, reply);
        else _waiting.Enqueue((task, image, reply));
    }

    /// <summary>Checks what waited; call it when all revisions have been learnt.</summary>
    public void Finish()
    {
        while (_waiting.TryDequeue(out var item))
            if (_heads.TryGetValue(item.Reply.Revision, out var head)) Compare(head, item.Image, item.Reply);
            else _tally.Fault($"a reply names {item.Reply.Revision}, which nobody has exported");
    }

    private void Compare(Head head, int image, ClassifyResponse reply)
    {
        var expected = head.TopK(_embeddings[image], head.Classes).ToDictionary(prediction => prediction.ClassIndex);
        var right = reply.Predictions.Count == head.Classes && reply.Predictions.All(given =>
            expected.TryGetValue(given.ClassIndex, out var wanted) && wanted.ClassName == given.ClassName && Math.Abs(wanted.Logit - given.Logit) <= Tolerance);
        _tally.Count(right ? "answersAsReference" : "mismatches");
        if (!right) _tally.Fault($"{reply.Revision} answered image {image} with {reply.Predictions}");
    }
}
