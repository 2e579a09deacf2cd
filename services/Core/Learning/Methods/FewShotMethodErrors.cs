namespace TaskRes.Core.Learning.Methods;

internal static class FewShotMethodErrors
{
    public static TaskResException NotApplicable(IFewShotMethod method, FewShotTask task) =>
        new(ErrorReason.MethodNotApplicable, $"The method '{method.Name}' needs {method.Needs(task)}.")
        {
            Field = "settings.method",
            Metadata = new Dictionary<string, string> { ["method"] = method.Name },
        };
}
