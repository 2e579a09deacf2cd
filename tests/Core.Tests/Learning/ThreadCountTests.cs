using TaskRes.Core.Learning;
using TaskRes.Core.Torch;
using static TorchSharp.torch;

namespace TaskRes.Core.Tests.Learning;

/// <summary>libtorch's thread count is the process's: no other test may run meanwhile.</summary>
[CollectionDefinition(nameof(ThreadCountTests), DisableParallelization = true)]
[Collection(nameof(ThreadCountTests))]
public sealed class ThreadCountTests
{
    [Fact]
    public void Fit_AnyThreadCount_GivesTheSameBits()
    {
        TorchRuntime.EnsureLoaded();
        var task = new SyntheticTask(classes: 100, dimensions: 512, shots: 3, views: 2);
        var settings = new TrainingSettings { Epochs = 5 };
        var usual = get_num_threads();
        try
        {
            set_num_threads(1);
            var alone = task.Fit(settings);
            foreach (var threads in new[] { 2, 3, 8 })
            {
                set_num_threads(threads);
                Assert.Equal(alone.Residual.Values, task.Fit(settings).Residual.Values);
                Assert.Equal(threads, get_num_threads());
            }
        }
        finally
        {
            set_num_threads(usual);
        }
    }
}
