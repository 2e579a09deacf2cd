using System.Reflection;
using TaskRes.Platform.Registry;
using TaskRes.Platform.Resources;

namespace TaskRes.Services.Tests.Support;

/// <summary>A registry that does not tell what one task serves until it is let to.</summary>
public class HeldRegistry : DispatchProxy
{
    private ITaskRegistry _inner = null!;
    private TaskName _held;
    private Task _release = Task.CompletedTask;

    internal static ITaskRegistry Around(ITaskRegistry inner, TaskName held, Task release)
    {
        var registry = Create<ITaskRegistry, HeldRegistry>();
        var proxy = (HeldRegistry)(object)registry;
        (proxy._inner, proxy._held, proxy._release) = (inner, held, release);
        return registry;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(ITaskRegistry.GetServingAsync) && args![0] is TaskName task && task == _held
            ? HoldAsync(task, (CancellationToken)args[1]!)
            : targetMethod.Invoke(_inner, args);

    private async Task<Serving> HoldAsync(TaskName task, CancellationToken cancellationToken)
    {
        await _release.WaitAsync(cancellationToken);
        return await _inner.GetServingAsync(task, cancellationToken);
    }
}
