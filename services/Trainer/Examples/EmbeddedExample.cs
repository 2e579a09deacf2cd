using TaskRes.Core;
using TaskRes.Platform.Registry;

namespace TaskRes.Trainer.Examples;

/// <summary>An example of a stream once it is embedded: ready to be stored, or what is wrong with it.</summary>
/// <param name="Sequence">The client's number for it.</param>
internal sealed record EmbeddedExample(long Sequence, ExampleRecord? Record, TaskResException? Error);
