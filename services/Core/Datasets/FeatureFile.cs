using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using TaskRes.Core.Learning;
using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Datasets;

/// <summary>
/// Few-shot features that are ready: <c>train_{k}shot</c> and <c>test</c>, each as <c>.features</c> (N×D) and <c>.labels</c> (N),
/// and <c>base</c> (K×D), where there are text embeddings.
/// </summary>
public sealed partial class FeatureFile : IDisposable
{
    private const string BaseName = "base";
    private const string TestName = "test";

    private readonly SafetensorsFile _file;

    private FeatureFile(SafetensorsFile file, string path)
    {
        _file = file;
        Shots = [.. file.Header.Tensors.Keys.Select(name => TrainName.Match(name)).Where(match => match.Success).Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).Order()];
        if (Shots.Count == 0) throw new TaskResException(ErrorReason.CheckpointMismatch, $"{path}: there is no tensor 'train_1shot.features', nor of any other number of shots.") { Field = path };
        LogitScale = LabelledFeatures.LogitScaleOf(file);
        Backbone = file.Header.Metadata.GetValueOrDefault("backbone");
        Base = file.Header.Tensors.ContainsKey(BaseName) ? MatrixFile.Read(file, BaseName) : null;
        Test = LabelledFeatures.Read(file, TestName);
        Classes = Base?.Rows ?? Test.Classes;
        LabelCheck.Validate(Test.Labels, Test.Features.Rows, Classes);
        if (Base is not null) Test.Features.EnsureColumns(Base.Columns, $"{TestName}.features");
    }

    /// <summary>The numbers of shots there are, in ascending order.</summary>
    public IReadOnlyList<int> Shots { get; }

    /// <summary>t; null where the shots' class means must do.</summary>
    public Matrix? Base { get; }

    public LabelledFeatures Test { get; }

    /// <summary>K.</summary>
    public int Classes { get; }

    /// <summary>s, from the metadata; 100 where it has none.</summary>
    public double LogitScale { get; }

    /// <summary>What encoded the features, from the metadata; null where they do not say.</summary>
    public string? Backbone { get; }

    /// <exception cref="TaskResException">
    /// CheckpointNotFound, CheckpointCorrupt or CheckpointMismatch for the file; FeaturesInvalid, UnknownLabel or NoExamples for
    /// what it holds.
    /// </exception>
    public static FeatureFile Open(string path)
    {
        var file = SafetensorsFile.Open(path);
        try
        {
            return new FeatureFile(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The training set of a number of shots.</summary>
    public LabelledFeatures Train(int shots)
    {
        var set = LabelledFeatures.Read(_file, string.Create(CultureInfo.InvariantCulture, $"train_{shots}shot"));
        LabelCheck.Validate(set.Labels, set.Features.Rows, Classes);
        return set;
    }

    /// <summary>SHA-256 of the file, in hexadecimal.</summary>
    public static string Digest(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    public void Dispose() => _file.Dispose();

    [GeneratedRegex(@"^train_([0-9]{1,6})shot\.features$")]
    private static partial Regex TrainName { get; }
}
