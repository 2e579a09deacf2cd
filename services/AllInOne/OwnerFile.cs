namespace TaskRes.AllInOne;

/// <summary>Files of secrets, which their owner alone may read.</summary>
public static class OwnerFile
{
    /// <summary>Written whole and then renamed: never half there, and never readable for others in between.</summary>
    public static void Write(string path, string text)
    {
        var whole = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        // Windows keeps a user's folder from others by itself.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(whole, options)) writer.Write(text);
        File.Move(whole, path, overwrite: true);
    }
}
