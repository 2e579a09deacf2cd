using TaskRes.AllInOne;
using TaskRes.Core;
using TaskRes.Core.Clip;
using TaskRes.Tests;

namespace TaskRes.Trials.Hostile;

/// <summary>The bundled model with one of its files damaged: it loads, or says what is wrong.</summary>
internal static class DamagedCheckpoints
{
    public static void Try(int count, Random random, TrialTally tally)
    {
        var folder = Directory.CreateTempSubdirectory("taskres-hostile-");
        try
        {
            string[] names = [.. Directory.EnumerateFiles(BundledFiles.ModelFolder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
            foreach (var name in names) File.Copy(Path.Combine(BundledFiles.ModelFolder, name), Path.Combine(folder.FullName, name));
            for (var i = 0; i < count; i++) Try(names[i % names.Length], folder.FullName, random, tally);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Try(string name, string folder, Random random, TrialTally tally)
    {
        var sound = File.ReadAllBytes(Path.Combine(BundledFiles.ModelFolder, name));
        File.WriteAllBytes(Path.Combine(folder, name), Mutations.Of(sound, random));
        tally.Count("checkpoints");
        try
        {
            using var clip = ClipEncoder.Load(new ClipLoadOptions { Path = folder, Device = "cpu" });
            tally.Count("checkpointsLoaded");
        }
        catch (TaskResException exception) when (exception.Reason != ErrorReason.Internal)
        {
            tally.Count("checkpointsRefused");
        }
        catch (Exception exception)
        {
            tally.Fault($"{name} damaged: {exception}");
        }

        File.WriteAllBytes(Path.Combine(folder, name), sound);
    }
}
