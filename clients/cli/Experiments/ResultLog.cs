using System.Text.Json;
using TaskRes.Core;

namespace TaskRes.Cli.Experiments;

/// <summary>
/// The measured cells as a file, one JSON object a line, each written and flushed as its cell ends: a run that was cut off goes
/// on where it was. A last line that was cut off is dropped.
/// </summary>
internal sealed class ResultLog : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly FileStream _file;
    private readonly Dictionary<CellKey, CellResult> _results = [];

    private ResultLog(FileStream file, string path)
    {
        _file = file;
        Read(path);
    }

    /// <exception cref="TaskResException">InvalidField for a file with another content; Conflict where another run writes to it.</exception>
    public static ResultLog Open(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new TaskResException(ErrorReason.Conflict, $"{path} cannot be written to: another run may be at it. Name another folder, or wait.", error) { Field = path };
        }

        try
        {
            return new ResultLog(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A cell's result; null where it is not measured yet.</summary>
    public CellResult? Find(CellKey key) => _results.GetValueOrDefault(key);

    public void Append(CellResult result)
    {
        _results[result.Key] = result;
        _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(result, Json), (byte)'\n']);
        _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();

    private void Read(string path)
    {
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var (start, line) = (0, 0);
        for (var end = Array.IndexOf(bytes, (byte)'\n'); end >= 0; end = Array.IndexOf(bytes, (byte)'\n', start))
        {
            line++;
            var result = Parse(bytes.AsSpan(start, end - start), path, line);
            _results[result.Key] = result;
            start = end + 1;
        }

        _file.SetLength(start);
        _file.Position = start;
    }

    private static CellResult Parse(ReadOnlySpan<byte> text, string path, int line)
    {
        try
        {
            if (JsonSerializer.Deserialize<CellResult>(text, Json) is { Key: not null } result) return result;
        }
        catch (JsonException)
        {
            // said below
        }

        throw TaskResException.Invalid(path, $"line {line} is no result of this verb; name another folder.");
    }
}
