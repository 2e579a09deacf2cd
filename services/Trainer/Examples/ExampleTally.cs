using TaskRes.Core;
using TaskRes.Platform.Errors;
using TaskRes.Platform.Registry;
using TaskRes.V1;

namespace TaskRes.Trainer.Examples;

/// <summary>What became of a stream's examples; its owner is the one loop that stores them.</summary>
internal sealed class ExampleTally
{
    private const int MaxErrors = 1000;

    private readonly AddExamplesResponse _response = new();

    public AddExamplesResponse Response => _response;

    public void Add(ExampleOutcome outcome)
    {
        TrainerMetrics.RecordExample(outcome);
        switch (outcome)
        {
            case ExampleOutcome.Added: _response.Added++; break;
            case ExampleOutcome.Unchanged: _response.Unchanged++; break;
            case ExampleOutcome.Replaced: _response.Replaced++; break;
        }
    }

    public void Fail(long sequence, TaskResException error)
    {
        TrainerMetrics.RecordFailedExample();
        _response.Failed++;
        if (_response.Errors.Count < MaxErrors) _response.Errors.Add(new ExampleError { Sequence = sequence, Error = ItemErrors.From(error) });
    }
}
