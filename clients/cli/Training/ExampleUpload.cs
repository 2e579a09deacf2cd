using System.Runtime.CompilerServices;
using TaskRes.Cli.Errors;
using TaskRes.Cli.Files;
using TaskRes.Cli.Output;
using TaskRes.Client;
using TaskRes.V1;

namespace TaskRes.Cli.Training;

/// <summary>What became of an upload.</summary>
/// <param name="Errors">The first of those that failed, by file.</param>
internal sealed record UploadReport(int Added, int Unchanged, int Replaced, int Failed, int IgnoredFiles, IReadOnlyList<FileError> Errors);

internal sealed record FileError(string File, string Reason, string Message);

/// <summary>Sends labelled files to a task.</summary>
internal static class ExampleUpload
{
    private const int ErrorsShown = 5;

    /// <summary>Sends them with a bar, and notes what was left out.</summary>
    /// <exception cref="Core.TaskResException">The first file's reason, where every file failed.</exception>
    public static async Task<UploadReport> RunAsync(
        TaskResClient client, Screen screen, string task, int views, ClassFolders folders, CancellationToken cancellationToken)
    {
        var images = folders.Images;
        var response = await screen.ProgressAsync("uploading examples", progress => SendAsync(client, task, views, images, progress, cancellationToken));

        if (response.Failed == images.Count) throw ItemErrors.Exception(response.Errors[0].Error, images[(int)response.Errors[0].Sequence].Path);
        foreach (var error in response.Errors.Take(ErrorsShown)) Screen.Note($"left out {images[(int)error.Sequence].Path}: {error.Error.Message}");
        if (response.Failed > ErrorsShown) Screen.Note($"left out {response.Failed - ErrorsShown} more.");
        if (folders.Ignored > 0) Screen.Note($"ignored {folders.Ignored} files or links that are no images in a class folder.");
        return new UploadReport(
            response.Added,
            response.Unchanged,
            response.Replaced,
            response.Failed,
            folders.Ignored,
            [.. response.Errors.Select(error => new FileError(images[(int)error.Sequence].Path, Failure.Name(error.Error.Reason), error.Error.Message))]);
    }

    public static Task<AddExamplesResponse> SendAsync(
        TaskResClient client, string task, int views, IReadOnlyList<LabelledFile> images, IProgress<Step> progress, CancellationToken cancellationToken) =>
        client.Training.AddExamplesAsync(
            new AddExamplesOptions { Task = task, Views = views, Sent = new Counter(images.Count, progress) },
            Examples(images, cancellationToken),
            cancellationToken);

    private static async IAsyncEnumerable<LabelledImage> Examples(
        IReadOnlyList<LabelledFile> images, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var image in images)
            yield return new LabelledImage(image.ClassName, await ImageFiles.ReadAsync(image.Path, cancellationToken));
    }

    private sealed class Counter(int total, IProgress<Step> progress) : IProgress<int>
    {
        public void Report(int value) => progress.Report(new Step(value, total));
    }
}
