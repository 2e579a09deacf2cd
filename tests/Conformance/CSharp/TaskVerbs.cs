using System.Text.Json.Nodes;
using TaskRes.Client;

namespace TaskRes.Conformance.CSharp;

internal static class TaskVerbs
{
    public static Dictionary<string, Func<VerbCall, Task<JsonObject>>> All => new()
    {
        ["createTask"] = async call => TaskOf(await CreateAsync(call, call.Text("task"))),
        ["createTasks"] = async call =>
        {
            foreach (var task in call.Texts("tasks")) await CreateAsync(call, task);
            return [];
        },
        ["getTask"] = async call =>
        {
            var response = await call.Client.Tasks.GetAsync(call.Text("task"), call.CancellationToken);
            var result = TaskOf(response.Task);
            result["class_names"] = new JsonArray([.. response.Task.ClassNames]);
            result["examples_per_class"] = new JsonArray([.. response.ExamplesPerClass]);
            return result;
        },
        ["listTasks"] = async call =>
            new() { ["names"] = new JsonArray([.. await call.Client.Tasks.ListAsync(call.CancellationToken).Select(task => task.Name).ToListAsync(call.CancellationToken)]) },
        ["deleteTask"] = async call =>
        {
            await call.Client.Tasks.DeleteAsync(call.Text("task"), cancellationToken: call.CancellationToken);
            return [];
        },
    };

    public static JsonObject TaskOf(V1.Task task) =>
        new() { ["name"] = task.Name, ["live_revision"] = task.LiveRevision, ["example_count"] = task.ExampleCount };

    private static Task<V1.Task> CreateAsync(VerbCall call, string task) => call.Client.Tasks.CreateAsync(
        new CreateTaskOptions { TaskId = task, ClassNames = [.. call.Texts("classes")], Templates = [.. call.Texts("templates")] }, call.CancellationToken);
}
