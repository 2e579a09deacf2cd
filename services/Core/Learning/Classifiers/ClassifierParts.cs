using System.Globalization;
using TaskRes.Core.Safetensors;

namespace TaskRes.Core.Learning.Classifiers;

/// <summary>What a classifier has beside base and residual, as tensors and metadata of a file. What is absent leaves no trace.</summary>
internal static class ClassifierParts
{
    private const string ImageResidualName = "image.residual";
    private const string AdapterDown = "image.adapter.down";
    private const string AdapterUp = "image.adapter.up";
    private const string AffineWeights = "added.weights";
    private const string AffineBias = "added.bias";
    private const string CacheKeys = "added.cache.keys";
    private const string CacheLabels = "added.cache.labels";

    private const double MaxAlpha = 10;
    private const double MaxSharpness = 1000;

    private const string ImageAlpha = "image_alpha";
    private const string AdapterRatio = "image_adapter_ratio";
    private const string CacheAlpha = "cache_alpha";
    private const string CacheBeta = "cache_beta";

    public static IEnumerable<TensorData> Tensors(ImageChange? image, AddedLogits? added) => (image switch
    {
        ImageResidual residual => [(ImageResidualName, residual.Residual)],
        ImageAdapter adapter => [(AdapterDown, adapter.Down), (AdapterUp, adapter.Up)],
        _ => Array.Empty<(string, Matrix)>(),
    }).Concat(added switch
    {
        AffineLogits affine => [(AffineWeights, affine.Weights), (AffineBias, affine.Bias)],
        CacheLogits cache => [(CacheKeys, cache.Keys), (CacheLabels, cache.Labels)],
        _ => Array.Empty<(string, Matrix)>(),
    }).Select(tensor => MatrixFile.Tensor(tensor.Item1, tensor.Item2));

    public static IEnumerable<KeyValuePair<string, string>> Metadata(ImageChange? image, AddedLogits? added) => (image switch
    {
        ImageResidual residual => [(ImageAlpha, residual.Alpha)],
        ImageAdapter adapter => [(AdapterRatio, adapter.Ratio)],
        _ => Array.Empty<(string, double)>(),
    }).Concat(added is CacheLogits cache ? [(CacheAlpha, cache.Alpha), (CacheBeta, cache.Beta)] : [])
        .Select(number => KeyValuePair.Create(number.Item1, number.Item2.ToString("R", CultureInfo.InvariantCulture)));

    public static ImageChange? ReadImage(SafetensorsFile file)
    {
        if (Has(file, ImageResidualName)) return new ImageResidual(MatrixFile.Read(file, ImageResidualName), Number(file, ImageAlpha));
        return Has(file, AdapterDown) ? new ImageAdapter(MatrixFile.Read(file, AdapterDown), MatrixFile.Read(file, AdapterUp), Number(file, AdapterRatio)) : null;
    }

    public static AddedLogits? ReadAdded(SafetensorsFile file)
    {
        if (Has(file, AffineWeights)) return new AffineLogits(MatrixFile.Read(file, AffineWeights), MatrixFile.Read(file, AffineBias));
        return Has(file, CacheKeys)
            ? new CacheLogits(MatrixFile.Read(file, CacheKeys), MatrixFile.Read(file, CacheLabels), Number(file, CacheAlpha), Number(file, CacheBeta))
            : null;
    }

    /// <exception cref="TaskResException">InvalidField or FeaturesInvalid, naming the part.</exception>
    public static void Validate(ImageChange? image, AddedLogits? added, int classes, int dimensions)
    {
        if (image is ImageResidual residual)
        {
            Shaped(residual.Residual, 1, dimensions, ImageResidualName);
            InRange(residual.Alpha, MaxAlpha, ImageAlpha);
        }
        if (image is ImageAdapter adapter)
        {
            Shaped(adapter.Down, adapter.Down.Rows, dimensions, AdapterDown);
            Shaped(adapter.Up, dimensions, adapter.Down.Rows, AdapterUp);
            InRange(adapter.Ratio, 1, AdapterRatio);
        }
        if (added is AffineLogits affine)
        {
            Shaped(affine.Weights, classes, dimensions, AffineWeights);
            Shaped(affine.Bias, 1, classes, AffineBias);
        }
        if (added is not CacheLogits cache) return;
        Shaped(cache.Keys, cache.Keys.Rows, dimensions, CacheKeys);
        Shaped(cache.Labels, 1, cache.Keys.Rows, CacheLabels);
        InRange(cache.Alpha, MaxAlpha, CacheAlpha);
        InRange(cache.Beta, MaxSharpness, CacheBeta);
        if (!cache.Labels.Values.All(label => label >= 0 && label < classes && label == MathF.Floor(label)))
            throw TaskResException.Invalid(CacheLabels, $"it must hold whole numbers from 0 to {classes - 1}.");
    }

    private static void Shaped(Matrix matrix, int rows, int columns, string field)
    {
        if (matrix.Rows != rows || matrix.Columns != columns)
            throw TaskResException.Invalid(field, $"it is {matrix.Rows} × {matrix.Columns} and must be {rows} × {columns}.");
        matrix.EnsureFinite(field);
    }

    private static void InRange(double value, double most, string field)
    {
        if (!(value >= 0 && value <= most)) throw TaskResException.Invalid(field, $"{value} is out of range; give a value from 0 to {most}.");
    }

    private static bool Has(SafetensorsFile file, string name) => file.Header.Tensors.ContainsKey(name);

    private static double Number(SafetensorsFile file, string key) => file.Header.Metadata.TryGetValue(key, out var text)
        ? double.Parse(text, CultureInfo.InvariantCulture)
        : throw TaskResException.Invalid(key, "the metadata lacks it.");
}
