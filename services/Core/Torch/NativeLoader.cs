using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace TaskRes.Core.Torch;

/// <summary>
/// Puts libtorch and TorchSharp's bridge to it into the process before TorchSharp looks for them; the dynamic linker then
/// gives TorchSharp the ones that are loaded.
/// </summary>
/// <remarks>
/// The packaged bridge asks for GLIBCXX_3.4.32, which the libstdc++ of Debian 12 and Ubuntu 22.04 lacks, though it calls
/// nothing of that version. Where it does not load, a copy with that need marked weak is loaded instead. TorchSharp itself
/// would meet the failure by copying half a gigabyte of libraries beside the program.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static class NativeLoader
{
    private const string Bridge = "libLibTorchSharp.so";
    private const string UnmetVersion = "GLIBCXX_3.4.32";
    private const string SpinCount = "GOMP_SPINCOUNT";
    private const string Spins = "10000"; // About 0.1 ms: from one parallel part of a pass to the next.

    /// <summary>In the order of their needs. Those of CUDA are in a CUDA build alone.</summary>
    private static readonly (string File, bool Cuda)[] Libtorch =
    [
        ("libtorch_global_deps.so", false), ("libc10.so", false), ("libc10_cuda.so", true),
        ("libtorch_cpu.so", false), ("libtorch_cuda.so", true), ("libtorch.so", false),
    ];

    public static void Check(string libtorchFolder)
    {
        if (!Directory.Exists(libtorchFolder))
            throw TaskResException.Invalid("libtorch_folder", $"'{libtorchFolder}' is not a folder.");
        foreach (var (file, cuda) in Libtorch)
            if (!cuda && !File.Exists(Path.Combine(libtorchFolder, file)))
                throw Unavailable(file, $"is not in '{libtorchFolder}'; name the folder that holds it, such as a PyTorch install's torch/lib");

        // TorchSharp asks for this one beside the program first, whatever is loaded, and two copies end the process.
        if (Packaged("libtorch_cpu.so") is { } packaged && Path.GetFullPath(libtorchFolder) != Path.GetDirectoryName(packaged))
            throw Unavailable(packaged, "would be loaded beside the one of the folder; build with -p:Libtorch=external, which leaves it out");
    }

    public static void Load(string? libtorchFolder)
    {
        SpinBriefly();
        foreach (var (file, cuda) in Libtorch)
        {
            var path = libtorchFolder is null ? Packaged(file) : Path.Combine(libtorchFolder, file);
            if (!File.Exists(path))
                if (cuda) continue;
                else throw Unavailable(file, "is not beside the program; build it again, or name a folder that holds it");
            LoadFile(path);
        }
        var bridge = Packaged(Bridge) ?? throw Unavailable(Bridge, "is not beside the program; build or publish it again");
        if (!NativeLibrary.TryLoad(bridge, out _)) LoadFile(WithWeakVersion(bridge));
    }

    /// <summary>
    /// GNU's OpenMP, which libtorch is built with, keeps an idle thread of its team spinning for milliseconds. Beside
    /// threads that decode images and answer calls this takes the cores from the work that it waits for.
    /// </summary>
    /// <remarks>It reads the environment when it is loaded, and that of .NET is a copy.</remarks>
    private static void SpinBriefly()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null) _ = SetEnvironment(SpinCount, Spins, overwrite: 0);
    }

    private static string? Packaged(string file)
    {
        var searched = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    /// <summary>
    /// The bridge's copy in the user's cache, named by its hash: written whole and then renamed, so that processes that
    /// start together do no harm to one another, and compared before use.
    /// </summary>
    private static string WithWeakVersion(string bridge)
    {
        var bytes = File.ReadAllBytes(bridge);
        ElfVersionNeeds.MarkWeak(bytes, UnmetVersion);
        var name = $"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}-{Bridge}";

        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        foreach (var cache in (string[])[home, Path.GetTempPath()])
        {
            if (cache.Length == 0) continue;
            try
            {
                return CachedFile(Path.Combine(cache, $"taskres-{Environment.UserName}", name), bytes);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A home that cannot be written to is usual in containers: the next folder serves.
            }
        }
        throw Unavailable(Bridge, "must be adapted to this system in a cache folder, and neither the home nor the temporary folder can be written to");
    }

    private static string CachedFile(string path, byte[] bytes)
    {
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes)) return path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var whole = $"{path}.{Guid.NewGuid():N}";
        File.WriteAllBytes(whole, bytes);
        File.Move(whole, path, overwrite: true);
        return path;
    }

    private static void LoadFile(string path)
    {
        try
        {
            NativeLibrary.Load(path);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw Unavailable(path, $"does not load: {error.Message}", error);
        }
    }

    private static TaskResException Unavailable(string file, string why, Exception? inner = null) =>
        new(ErrorReason.DeviceUnavailable, $"libtorch: {file} {why}.", inner)
        {
            Field = "libtorch_folder",
            Metadata = new Dictionary<string, string> { ["file"] = file },
        };

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
