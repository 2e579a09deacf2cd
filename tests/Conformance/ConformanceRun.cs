using TaskRes.Conformance.Sdks;
using TaskRes.Conformance.Suite;
using TaskRes.Conformance.Verdicts;

namespace TaskRes.Conformance;

/// <summary>One suite, and the SDKs on it one after the other, each as a tenant of its own.</summary>
internal static class ConformanceRun
{
    /// <param name="sdks">Those that are absent are left out of the run and named in the report.</param>
    /// <param name="log">Told what goes on.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<Report> RunAsync(IReadOnlyList<Sdk> sdks, Action<string> log, CancellationToken cancellationToken)
    {
        var cases = CaseFile.Load();
        var folder = Directory.CreateTempSubdirectory("taskres-conformance-");
        var runs = new List<SdkRun>();
        try
        {
            var images = TestImages.Write(folder.CreateSubdirectory("images").FullName);
            await using var suite = await LiveSuite.StartAsync(folder.CreateSubdirectory("suite").FullName, cancellationToken);
            foreach (var sdk in sdks.Where(sdk => sdk.Absent is null))
            {
                log($"{sdk.Name} …");
                runs.Add(await SdkProcess.RunAsync(sdk, cases, suite, images, cancellationToken));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return Report.Of(cases, sdks, runs);
    }
}
