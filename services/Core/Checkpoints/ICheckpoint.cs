using TaskRes.Core.Safetensors;
using TorchSharp;

namespace TaskRes.Core.Checkpoints;

/// <summary>A named set of tensors, as a file holds them.</summary>
internal interface ICheckpoint : IDisposable
{
    IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>
    /// A tensor as stored, on the CPU. It may be a view of the mapped file: the caller disposes it, before the checkpoint.
    /// </summary>
    torch.Tensor Read(string name);
}

/// <summary>What a checkpoint says of one of its tensors.</summary>
/// <param name="Type">The element type as stored.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
internal sealed record StoredTensor(ElementType Type, IReadOnlyList<long> Shape);
