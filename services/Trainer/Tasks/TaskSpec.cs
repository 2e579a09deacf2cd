using TaskRes.Core;
using TaskRes.Core.Learning;
using TaskRes.Platform.Limits;
using TaskRes.Platform.Resources;
using TaskRes.V1;
using BaseKind = TaskRes.Platform.Registry.BaseKind;

namespace TaskRes.Trainer.Tasks;

/// <summary>What a caller wants of a new task, checked.</summary>
internal sealed record TaskSpec
{
    /// <summary>Templates of a task; each costs a text embedding for every class.</summary>
    public const int MaxTemplates = 100;

    public required TaskName Name { get; init; }

    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Empty where the base is of class means.</summary>
    public required IReadOnlyList<string> Templates { get; init; }

    public required BaseKind BaseKind { get; init; }

    /// <exception cref="TaskResException">InvalidField; LimitExceeded.</exception>
    public static TaskSpec Parse(CreateTaskRequest request, RequestLimits limits)
    {
        var tenant = TenantName.Parse(request.Parent, "parent");
        if (!ResourceSegments.IsIdentifier(request.TaskId) || !char.IsAsciiLetterLower(request.TaskId[0]))
            throw TaskResException.Invalid("task_id", "it must have 1–63 characters of a–z, 0–9 and -, a letter first.");
        var task = request.Task ?? throw TaskResException.Invalid("task", "it is missing.");
        Core.Learning.ClassNames.Validate(task.ClassNames, limits.MaxClasses, "task.class_names");
        var kind = Kind(task.BaseKind);
        return new TaskSpec { Name = tenant.Task(request.TaskId), ClassNames = [.. task.ClassNames], Templates = TemplatesOf(task, kind), BaseKind = kind };
    }

    private static BaseKind Kind(V1.BaseKind kind) => kind switch
    {
        V1.BaseKind.Unspecified or V1.BaseKind.Prompts => BaseKind.Prompts,
        V1.BaseKind.ClassMean => BaseKind.ClassMean,
        _ => throw TaskResException.Invalid("task.base_kind", $"{(int)kind} is neither prompts nor class means."),
    };

    private static string[] TemplatesOf(V1.Task task, BaseKind kind)
    {
        if (kind == BaseKind.ClassMean) return task.Templates.Count == 0 ? [] : throw TaskResException.Invalid("task.templates", "a base of class means has no prompts; leave the templates out.");
        if (task.Templates.Count > MaxTemplates) throw TaskResException.OverLimit("task.templates", task.Templates.Count, MaxTemplates, "templates");
        for (var i = 0; i < task.Templates.Count; i++) PromptTemplates.Validate(task.Templates[i], $"task.templates[{i}]");
        return task.Templates.Count == 0 ? [PromptTemplates.Default] : [.. task.Templates];
    }
}
