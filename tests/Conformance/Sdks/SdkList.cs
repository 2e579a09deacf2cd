using System.Diagnostics;

namespace TaskRes.Conformance.Sdks;

/// <summary>All SDKs. That of TypeScript has two wires: gRPC in Node, and gRPC-Web over fetch as in a browser.</summary>
internal static class SdkList
{
    private static readonly string Clients = Path.Combine(Repository(), "clients");
    private static readonly string TypeScriptRunner = Path.Combine(Clients, "typescript", "build", "conformance.js");
    private static readonly string PythonRunner = Path.Combine(Clients, "python", "tests", "conformance.py");

    public static IReadOnlyList<Sdk> All { get; } = [CSharp(), TypeScript("typescript", web: false), TypeScript("typescript-web", web: true), Python()];

    private static Sdk CSharp() => new("csharp", [Path.Combine(AppContext.BaseDirectory, "taskres-conformance"), "csharp"], null);

    private static Sdk TypeScript(string name, bool web)
    {
        var node = Program("node");
        var absent = node is null ? "node is not installed"
            : File.Exists(TypeScriptRunner) ? null : "clients/typescript is not built: npm ci, npm run build, npm test there";
        return new Sdk(name, [node ?? "node", TypeScriptRunner, web ? "web" : "node"], absent, web);
    }

    private static Sdk Python()
    {
        // Debian's Python has Debian's packages; another python3 may come first on the path.
        var python = new[] { "/usr/bin/python3", Program("python3") }.FirstOrDefault(path => path is not null && HasPackages(path));
        var absent = python is null ? "python3 with grpc, google.protobuf and numpy is not installed"
            : Directory.Exists(Path.Combine(Clients, "python", "src", "taskres", "v1")) ? null : "clients/python is not generated: run generate.py there";
        return new Sdk("python", [python ?? "python3", PythonRunner], absent);
    }

    private static bool HasPackages(string python)
    {
        if (!File.Exists(python)) return false;
        using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import grpc, google.protobuf, numpy"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static string? Program(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "TaskRes.sln"))) return folder.FullName;
        throw new InvalidOperationException("TaskRes.sln was not found above the program's folder.");
    }
}
