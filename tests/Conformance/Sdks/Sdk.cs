namespace TaskRes.Conformance.Sdks;

/// <summary>An SDK and the program that runs the cases with it.</summary>
/// <param name="Name">Also the id of its tenant.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Absent">What this machine lacks to run it; null where nothing.</param>
/// <param name="Web">Whether it speaks gRPC-Web.</param>
internal sealed record Sdk(string Name, IReadOnlyList<string> Command, string? Absent, bool Web = false);
