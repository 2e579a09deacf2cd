using System.Globalization;

namespace TaskRes.BundledModel.Training;

/// <summary>How far training is, how fast, and when it will end: one line that is written over, on standard error.</summary>
internal sealed class ProgressLine(int steps, int startStep, TimeProvider time)
{
    private const double Smoothing = 0.98;
    private const int BarWidth = 30, StepsPerLineInLogs = 10;

    private readonly long _started = time.GetTimestamp();
    private long _images;

    /// <summary>The smoothed loss.</summary>
    public double Loss { get; private set; } = double.NaN;

    public void Report(int step, double loss, int images)
    {
        Loss = double.IsNaN(Loss) ? loss : Smoothing * Loss + (1 - Smoothing) * loss;
        _images += images;
        if (Console.IsErrorRedirected && step % StepsPerLineInLogs != 0) return;

        var elapsed = time.GetElapsedTime(_started);
        var left = elapsed / (step - startStep) * (steps - step);
        var bar = new string('#', BarWidth * step / steps).PadRight(BarWidth, '.');
        Write(string.Create(CultureInfo.InvariantCulture, $"[{bar}] {step}/{steps} loss {Loss:0.000} {_images / elapsed.TotalSeconds:0} images/s, {left:h\\:mm\\:ss} left"));
    }

    public void Note(string line) => Console.Error.WriteLine(Console.IsErrorRedirected ? line : $"\r{line}");

    private static void Write(string line)
    {
        if (Console.IsErrorRedirected) Console.Error.WriteLine(line);
        else Console.Error.Write($"\r{line} ");
    }
}
