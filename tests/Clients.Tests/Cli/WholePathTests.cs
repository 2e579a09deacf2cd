using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using TaskRes.Tests;

namespace TaskRes.Clients.Tests.Cli;

/// <summary>What a user does from the first task to a restart, on the golden images.</summary>
[SupportedOSPlatform("linux")]
public sealed class WholePathTests(CliHome home) : IClassFixture<CliHome>
{
    private const string TaskId = "shapes";

    [Fact]
    public async Task Up_TheWholePath_KeepsEverythingOverARestart()
    {
        var folder = ImageFolder();
        string trained;
        JsonElement before;
        await using (var suite = await RunningSuite.StartAsync(home))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(suite.Announcement.GetProperty("credentials").GetString()!));

            var created = await JsonAsync("task", "create", TaskId, "--classes", "photo,drawing");
            var zeroShot = created.GetProperty("live_revision").GetString()!;
            trained = await TrainAsync(folder, zeroShot);
            before = await ClassifyAsync(trained);
            await ServeAsync(trained, zeroShot);
            await ExportAndImportAsync(trained);
            await DifficultyAsync(trained, folder);
            await RefusalsAsync();
            Assert.Equal(0, await suite.StopAsync());
        }

        await using (var again = await RunningSuite.StartAsync(home))
        {
            var after = await ClassifyAsync(trained);
            Assert.Equal(ClassNames(before), ClassNames(after));
            // Embedded again, in another batch: equal but for rounding.
            Assert.Equal(BestLogit(before), BestLogit(after), 1e-4);
            Assert.Equal(6, (await JsonAsync("task", "show", TaskId)).GetProperty("example_count").GetInt32());
            await JsonAsync("task", "delete", TaskId);
            Assert.Empty((await JsonAsync("task", "list")).EnumerateArray());
        }
    }

    [Fact]
    public async Task Up_Keys_LetInWhomTheyName()
    {
        using var own = new CliHome();
        await using var suite = await RunningSuite.StartAsync(own);
        var server = suite.Announcement.GetProperty("server").GetString()!;
        var shared = (await CliRun.JsonAsync(own, "tenants", "create", "acme", "--name", "Acme", "--shared-embeddings")).RequireJson();
        Assert.Equal("EMBEDDING_POOL_SHARED", shared.GetProperty("embedding_pool").GetString());
        var apart = (await CliRun.JsonAsync(own, "tenants", "update", "acme", "--embeddings", "private")).RequireJson();
        Assert.Equal(("EMBEDDING_POOL_PRIVATE", "Acme"), (apart.GetProperty("embedding_pool").GetString(), apart.GetProperty("display_name").GetString()));
        var made = (await CliRun.JsonAsync(own, "keys", "create", "--tenant", "acme", "--allow", "read", "train")).RequireJson();
        var key = made.GetProperty("secret").GetString()!;
        (await CliRun.JsonAsync(own, "task", "create", "t", "--tenant", "acme", "--key", key, "--classes", "a,b")).RequireJson();

        (await CliRun.JsonAsync(own, "task", "show", "t", "--tenant", "other", "--key", key)).RequireFailure(1, "TASK_NOT_FOUND");
        (await CliRun.JsonAsync(own, "keys", "list", "--tenant", "acme", "--key", key)).RequireFailure(1, "PERMISSION_DENIED");
        // Somebody without the credentials file of whoever started the suite.
        (await CliRun.JsonAsync(home, "task", "list", "--tenant", "acme", "--server", server)).RequireFailure(1, "UNAUTHENTICATED");

        var rotated = (await CliRun.JsonAsync(own, "keys", "rotate", made.GetProperty("api_key").GetProperty("name").GetString()!)).RequireJson();
        Assert.NotEqual(key, rotated.GetProperty("secret").GetString());
        var usage = (await CliRun.JsonAsync(own, "usage", "--tenant", "acme", "--days", "2")).RequireJson();
        Assert.Equal(2, usage.EnumerateArray().Select(day => DateOnly.Parse(day.GetProperty("date").GetString()!, CultureInfo.InvariantCulture)).Distinct().Count());
        var audit = (await CliRun.JsonAsync(own, "audit", "--tenant", "acme")).RequireJson();
        Assert.Equal(["RotateApiKey", "CreateTask", "CreateApiKey", "UpdateTenant"], audit.EnumerateArray().Select(record => record.GetProperty("method").GetString()!.Split('/')[1]).Distinct());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(own.File("registry", "admin-key")));
    }

    [Fact]
    public async Task Up_TenantsExportAndImport_BringATenantBack()
    {
        using var own = new CliHome();
        await using var suite = await RunningSuite.StartAsync(own);
        var file = own.File("acme.backup");
        (await CliRun.JsonAsync(own, "tenants", "create", "acme")).RequireJson();
        var key = (await CliRun.JsonAsync(own, "keys", "create", "--tenant", "acme", "--allow", "read", "train")).RequireJson().GetProperty("secret").GetString()!;
        (await CliRun.JsonAsync(own, "task", "create", "t", "--tenant", "acme", "--classes", "a,b")).RequireJson();
        var before = (await CliRun.JsonAsync(own, "task", "show", "t", "--tenant", "acme", "--key", key)).RequireJson();

        var exported = (await CliRun.JsonAsync(own, "tenants", "export", "acme", "--out", file)).RequireJson();
        Assert.Equal(new FileInfo(file).Length, exported.GetProperty("bytes").GetInt64());
        (await CliRun.JsonAsync(own, "tenants", "import", file)).RequireFailure(1, "TENANT_ALREADY_EXISTS");
        var copy = (await CliRun.JsonAsync(own, "tenants", "import", file, "--as", "copy")).RequireJson();
        Assert.Equal(("tenants/copy", 1), (copy.GetProperty("tenant").GetProperty("name").GetString(), copy.GetProperty("api_keys_left_out").GetInt32()));

        (await CliRun.JsonAsync(own, "tenants", "delete", "acme")).RequireJson();
        File.WriteAllBytes(own.File("damaged"), File.ReadAllBytes(file)[..^1]);
        (await CliRun.JsonAsync(own, "tenants", "import", own.File("damaged"))).RequireFailure(1, "REVISION_CORRUPT");
        Assert.Equal(1, (await CliRun.JsonAsync(own, "tenants", "import", file)).RequireJson().GetProperty("counts").GetProperty("tasks").GetInt32());
        var after = (await CliRun.JsonAsync(own, "task", "show", "t", "--tenant", "acme", "--key", key)).RequireJson();
        Assert.Equal(before.GetRawText(), after.GetRawText());
        (await CliRun.JsonAsync(own, "tenants", "export", "nobody", "--out", own.File("none"))).RequireFailure(1, "TENANT_NOT_FOUND");
        Assert.False(File.Exists(own.File("none")));
    }

    [Fact]
    public async Task Up_DamagedModel_FailsWithoutAnnouncement()
    {
        var run = await CliRun.JsonAsync(home, "up", "--model", home.Write("damaged.safetensors", new string('x', 1000)), "--data", home.File("other"), "--port", "0");

        run.RequireFailure(1, "ENCODER_UNAVAILABLE");
        Assert.Contains("damaged.safetensors", run.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_NoModel_FailsWithCheckpointNotFound() =>
        (await CliRun.JsonAsync(home, "up", "--model", home.File("none"), "--data", home.File("other"))).RequireFailure(1, "CHECKPOINT_NOT_FOUND");

    private async Task<string> TrainAsync(string folder, string zeroShot)
    {
        var first = await JsonAsync("train", TaskId, folder, "--epochs", "20", "--views", "2");
        var revision = first.GetProperty("revision").GetProperty("name").GetString()!;
        Assert.NotEqual(zeroShot, revision);
        Assert.Equal((6, 1), (first.GetProperty("examples").GetProperty("added").GetInt32(), first.GetProperty("examples").GetProperty("ignored_files").GetInt32()));
        Assert.True(first.GetProperty("job").GetProperty("promoted").GetBoolean());

        var again = await JsonAsync("train", TaskId, folder, "--epochs", "20", "--views", "2");
        Assert.Equal(revision, again.GetProperty("revision").GetProperty("name").GetString());
        Assert.Equal(6, again.GetProperty("examples").GetProperty("unchanged").GetInt32());

        var job = await JsonAsync("watch", first.GetProperty("job").GetProperty("name").GetString()!);
        Assert.Equal("JOB_STATE_SUCCEEDED", job.GetProperty("state").GetString());

        var jobs = (await JsonAsync("jobs", TaskId, "--state", "succeeded")).EnumerateArray().ToList();
        Assert.Equal(2, jobs.Count);
        Assert.Equal(job.GetProperty("name").GetString(), jobs[^1].GetProperty("name").GetString());
        Assert.Equal(0, (await JsonAsync("jobs", TaskId, "--state", "failed")).GetArrayLength());

        var evaluation = await JsonAsync("evaluate", TaskId, folder);
        Assert.Equal((6, 0), (evaluation.GetProperty("images").GetInt32(), evaluation.GetProperty("failed").GetInt32()));
        Assert.Equal(revision, Assert.Single(evaluation.GetProperty("revisions").EnumerateArray()).GetString());
        return revision;
    }

    private async Task<JsonElement> ClassifyAsync(string revision)
    {
        var answers = await JsonAsync("classify", TaskId, ReferenceData.Golden("images", "a_420.jpg"), ReferenceData.Golden("images", "g.webp"), "--top", "2");
        var answer = answers.EnumerateArray().First();
        Assert.Equal((2, revision), (answers.GetArrayLength(), answer.GetProperty("revision").GetString()));
        Assert.Equal(1, answer.GetProperty("predictions").EnumerateArray().Sum(prediction => prediction.GetProperty("probability").GetDouble()), 1e-4);
        return answer;
    }

    private async Task ServeAsync(string trained, string zeroShot)
    {
        Assert.Contains(trained, (await JsonAsync("revisions", TaskId)).EnumerateArray().Select(revision => revision.GetProperty("name").GetString()));
        Assert.Equal(zeroShot, (await JsonAsync("rollback", TaskId)).GetProperty("live_revision").GetString());
        var beginning = trained[(trained.LastIndexOf('/') + 1)..][..12];
        var rollout = (await JsonAsync("rollout", TaskId, "--canary", beginning, "--percent", "12.5", "--shadow", trained)).GetProperty("rollout");
        Assert.Equal(
            (trained, 12.5, trained),
            (rollout.GetProperty("canary_revision").GetString(), rollout.GetProperty("canary_percent").GetDouble(), rollout.GetProperty("shadow_revision").GetString()));
        Assert.Equal(trained, (await JsonAsync("promote", TaskId, beginning)).GetProperty("live_revision").GetString());
    }

    private async Task ExportAndImportAsync(string trained)
    {
        var file = home.File("revision.safetensors");
        Assert.Equal(trained, (await JsonAsync("export", TaskId, "--out", file)).GetProperty("revision").GetString());
        Assert.Equal(trained, (await JsonAsync("import", TaskId, file)).GetProperty("name").GetString());
        (await CliRun.JsonAsync(home, "import", TaskId, home.Write("damaged", "no revision"))).RequireFailure(1, "REVISION_CORRUPT");
    }

    private async Task DifficultyAsync(string trained, string folder)
    {
        var answer = await JsonAsync("difficulty", TaskId, "--pool", Path.Combine(folder, "photo"), "--next", "2");
        var difficulty = answer.GetProperty("difficulty");
        Assert.Equal((trained, 6, 2), (difficulty.GetProperty("revision").GetString(), difficulty.GetProperty("examples").GetInt32(), difficulty.GetProperty("classes").GetArrayLength()));
        Assert.Equal(2, answer.GetProperty("next").GetArrayLength());
        var shown = await CliRun.RunAsync(home, "difficulty", TaskId);
        Assert.Contains("transfer difficulty", shown.Stdout, StringComparison.Ordinal);

        var file = home.File("revision.safetensors");
        Assert.Equal(1, (await JsonAsync("compare", file, file)).GetProperty("residual_cosine").GetDouble(), 1e-6);
    }

    private async Task RefusalsAsync()
    {
        (await CliRun.JsonAsync(home, "task", "create", TaskId, "--classes", "a,b")).RequireFailure(1, "TASK_ALREADY_EXISTS");
        (await CliRun.JsonAsync(home, "task", "show", "nothing")).RequireFailure(1, "TASK_NOT_FOUND");
        (await CliRun.JsonAsync(home, "promote", TaskId, "ffff")).RequireFailure(1, "REVISION_NOT_FOUND");
        (await CliRun.JsonAsync(home, "train", TaskId, home.Folder("empty"))).RequireFailure(1, "NO_EXAMPLES");
        File.Copy(ReferenceData.Golden("images", "a_420.jpg"), Path.Combine(home.Folder("strange", "sculpture"), "a.jpg"));
        var error = (await CliRun.JsonAsync(home, "train", TaskId, home.File("strange"))).RequireFailure(1, "UNKNOWN_LABEL");
        Assert.Contains("'sculpture'", error.GetProperty("message").GetString(), StringComparison.Ordinal);

        (await CliRun.JsonAsync(home, "classify", "nothing", ReferenceData.Golden("images", "g.webp"))).RequireFailure(1, "TASK_NOT_FOUND");

        var run = await CliRun.JsonAsync(home, "classify", TaskId, home.Write("damaged.jpg", "no image"), ReferenceData.Golden("images", "g.webp"));
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("IMAGE_UNREADABLE", run.Json[0].GetProperty("error").GetProperty("reason").GetString());
        Assert.True(run.Json[1].TryGetProperty("predictions", out _));
    }

    private static IEnumerable<string?> ClassNames(JsonElement answer) =>
        answer.GetProperty("predictions").EnumerateArray().Select(prediction => prediction.GetProperty("class_name").GetString());

    private static double BestLogit(JsonElement answer) => answer.GetProperty("predictions")[0].GetProperty("logit").GetDouble();

    /// <summary>Three images each of two classes, and a file that is none.</summary>
    private string ImageFolder()
    {
        var (photos, drawings) = (home.Folder("train", "photo"), home.Folder("train", "drawing"));
        foreach (var name in (string[])["a_420.jpg", "b_444_progressive.jpg", "c_gray.jpg"]) File.Copy(ReferenceData.Golden("images", name), Path.Combine(photos, name));
        foreach (var name in (string[])["e_palette.png", "f_rgba.png", "g.webp"]) File.Copy(ReferenceData.Golden("images", name), Path.Combine(drawings, name));
        File.WriteAllText(Path.Combine(photos, "notes.txt"), "no image");
        return home.File("train");
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments) => (await CliRun.JsonAsync(home, arguments)).RequireJson();
}
