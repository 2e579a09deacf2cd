using TaskRes.Conformance;
using TaskRes.Conformance.CSharp;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};
return args is ["csharp"] ? await CSharpRunner.RunAsync(stop.Token) : await ConformanceCommand.RunAsync(args, stop.Token);
